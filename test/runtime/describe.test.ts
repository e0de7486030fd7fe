import { join } from 'node:path';
import { describe as group, expect, it } from 'vitest';
import { describe } from '../../runtime/describe.ts';
import { shippedPipelines } from '../../runtime/wire/pipelines.ts';
import { decoding, rules } from '../docs/shipped.ts';

const pipelines = shippedPipelines({ decoding, rules, patience: '30d', model: 'late-delivery' });
const golden = (name: string): string => join(import.meta.dirname, 'described', name);

group.each(pipelines.map((pipeline) => ({ name: pipeline.name, pipeline })))(
  '$name',
  ({ name, pipeline }) => {
    it('is drawn as it was', async () => {
      await expect(`${describe(pipeline, 'text')}\n`).toMatchFileSnapshot(golden(`${name}.txt`));
      await expect(`${describe(pipeline, 'mermaid')}\n`).toMatchFileSnapshot(golden(`${name}.mermaid`));
    });

    it('says in JSON what the graph is', () => {
      const data = JSON.parse(describe(pipeline, 'json')) as {
        readonly stages: readonly {
          readonly nodes: readonly {
            readonly id: number;
            readonly kind: string;
            readonly inputs: number[];
          }[];
        }[];
      };
      const nodes = data.stages.flatMap((stage) => stage.nodes);
      expect(nodes.map(({ id }) => id).sort((a, b) => a - b)).toEqual(pipeline.nodes.map(({ id }) => id));
      for (const { id, kind, inputs } of nodes) {
        expect(pipeline.nodes[id]!.kind).toBe(kind);
        expect(inputs.every((input) => input < nodes.length)).toBe(true);
        expect(inputs.length === 0).toBe(kind === 'source');
      }
    });

    it('is a Mermaid flowchart: every line is one that its grammar knows, every edge joins boxes that are drawn', () => {
      const [first, ...lines] = describe(pipeline, 'mermaid').split('\n');
      expect(first).toBe('flowchart LR');
      const boxes = new Set<string>();
      const ends: string[] = [];
      let open = 0;
      for (const line of lines) {
        const box = /^ {4}(n\d+)(?:\[\("[^"]*"\)\]|\[\["[^"]*"\]\]|\("[^"]*"\))$/.exec(line);
        const edge = /^ {2}(n\d+) (?:-->|-\.->) (n\d+)$/.exec(line);
        if (box !== null) {
          expect(open, line).toBe(1);
          boxes.add(box[1]!);
        } else if (edge !== null) ends.push(edge[1]!, edge[2]!);
        else if (/^ {2}subgraph [a-z]\w*\["[^"]*"\]$/.test(line)) open += 1;
        else if (line === '  end') open -= 1;
        else expect.fail(`not Mermaid: ${line}`);
        expect([0, 1]).toContain(open);
      }
      expect(open).toBe(0);
      expect(boxes.size).toBe(pipeline.nodes.length);
      expect(ends.filter((end) => !boxes.has(end))).toEqual([]);
    });
  },
);
