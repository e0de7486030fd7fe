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
      await expect(`${describe(pipeline, 'svg')}\n`).toMatchFileSnapshot(golden(`${name}.svg`));
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

    it('is an SVG whose boxes do not overlap, and whose words fit into them', () => {
      const svg = describe(pipeline, 'svg');
      const boxes = [
        ...svg.matchAll(
          /<g><rect class="([^"]*)" x="([\d.]+)" y="([\d.]+)" width="([\d.]+)" height="([\d.]+)"[^>]*\/>(.*?)<\/g>/g,
        ),
      ].map(([, , x, y, width, height, words = '']) => ({
        left: Number(x),
        top: Number(y),
        right: Number(x) + Number(width),
        bottom: Number(y) + Number(height),
        lines: [...words.matchAll(/<text[^>]* y="([\d.]+)"[^>]*>([^<]*)</g)].map(([, at, line = '']) => ({
          at: Number(at),
          length: line.replaceAll(/&\w+;/g, '.').length,
        })),
      }));
      expect(boxes).toHaveLength(pipeline.nodes.length);
      for (const [index, box] of boxes.entries()) {
        expect(box.lines.length).toBeGreaterThan(0);
        for (const { at, length } of box.lines) {
          // 12 px of a monospaced font: at most 7.25 px a letter.
          expect(length * 7.25).toBeLessThanOrEqual(box.right - box.left);
          expect(at).toBeGreaterThan(box.top + 10);
          expect(at).toBeLessThan(box.bottom);
        }
        for (const other of boxes.slice(index + 1)) {
          const apart =
            box.right <= other.left ||
            other.right <= box.left ||
            box.bottom <= other.top ||
            other.bottom <= box.top;
          expect(apart).toBe(true);
        }
      }
      const [, width, height] = /viewBox="0 0 (\d+) (\d+)"/.exec(svg)!.map(Number);
      expect(Math.max(...boxes.map(({ right }) => right))).toBeLessThan(width!);
      expect(Math.max(...boxes.map(({ bottom }) => bottom))).toBeLessThan(height!);
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
