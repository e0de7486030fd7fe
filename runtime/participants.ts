import type { KeyNode, Stage, StepNode } from './graph.ts';

/** What reads records; those that cannot be read leave their dead letters under this name. */
export const SOURCE = 'source';

/** What a step is called in a task: its own name, or its verb and place. */
export const nameOf = (node: StepNode | KeyNode): string =>
  node.kind === 'key' ? `keyBy:${node.id}` : (node.step.name ?? `${node.step.verb}:${node.id}`);

/** Who must have seen a barrier before its epoch is complete. */
export const participantsOf = ({ sinks, nodes }: Stage): readonly string[] => [
  SOURCE,
  ...sinks.map((sink) => `sink:${sink.id}`),
  ...nodes.flatMap((node) => (node.kind === 'step' || node.kind === 'key' ? [`step:${nameOf(node)}`] : [])),
];
