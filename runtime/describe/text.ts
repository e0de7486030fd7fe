import { inputsOf, type Pipeline } from '../graph.ts';
import { wordsOf } from './words.ts';

/** One line a node, stage by stage, with the numbers of what it reads. */
export const asText = (pipeline: Pipeline): string => {
  const lines = [`pipeline ${pipeline.name} (a commit at least every ${pipeline.checkpointMs} ms)`];
  for (const stage of pipeline.stages) {
    lines.push(`  stage ${stage.name}`);
    const indexOf = new Map(stage.nodes.map((node, index) => [node.id, index + 1]));
    for (const node of stage.nodes) {
      const from = inputsOf(node).map((input) => `#${indexOf.get(input)}`);
      const number = `#${indexOf.get(node.id)}`.padEnd(4);
      const arrow = from.length === 0 ? '' : ` ← ${from.join(', ')}`;
      const kind = node.kind === 'source' ? 'read ' : node.kind === 'sink' ? 'write ' : '';
      const broadcast = node.kind === 'source' && node.topic.broadcast ? ' (whole, in every task)' : '';
      const state = node.kind === 'step' && node.step.stateful ? ' [state]' : '';
      lines.push(`    ${number} ${kind}${wordsOf(node)}${broadcast}${state}${arrow}`);
    }
  }
  return lines.join('\n');
};
