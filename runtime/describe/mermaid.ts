import { inputsOf, type Pipeline } from '../graph.ts';
import { passages, wordsOf } from './words.ts';

/** A Mermaid flowchart, one subgraph a stage. */
export const asMermaid = (pipeline: Pipeline): string => {
  const quoted = (words: string): string => `"${words.replaceAll('"', "'")}"`;
  const lines = ['flowchart LR'];
  for (const stage of pipeline.stages) {
    lines.push(`  subgraph ${stage.name.replaceAll('-', '_')}[${quoted(stage.name)}]`);
    for (const node of stage.nodes) {
      const words = quoted(wordsOf(node));
      const box =
        node.kind === 'source' || node.kind === 'sink'
          ? `[(${words})]`
          : node.kind === 'step' && node.step.stateful
            ? `[[${words}]]`
            : `(${words})`;
      lines.push(`    n${node.id}${box}`);
    }
    lines.push('  end');
  }
  for (const node of pipeline.nodes)
    for (const input of inputsOf(node)) lines.push(`  n${input} --> n${node.id}`);
  for (const [sink, source] of passages(pipeline)) lines.push(`  n${sink} -.-> n${source}`);
  return lines.join('\n');
};
