import type { GraphNode, Pipeline } from '../graph.ts';

/** What a node is called in every drawing. */
export const nameOf = (node: GraphNode): string => {
  switch (node.kind) {
    case 'source':
    case 'sink':
      return node.topic.name;
    case 'key':
      return `keyBy ${node.label}`;
    case 'side':
      return `${node.port} rows`;
    case 'step':
      return node.step.name ?? node.step.verb;
  }
};

/** The same with its verb and parameters. */
export const wordsOf = (node: GraphNode): string => {
  if (node.kind !== 'step') return nameOf(node);
  const { verb, name, detail } = node.step;
  return [name === null ? verb : `${verb} "${name}"`, detail].filter((part) => part !== '').join(' · ');
};

/** A topic that is written in one stage and read in another is one place in the log: pairs of sink and source. */
export const passages = ({ nodes }: Pipeline): readonly (readonly [sink: number, source: number])[] =>
  nodes.flatMap((sink) =>
    sink.kind !== 'sink'
      ? []
      : nodes.flatMap((source): (readonly [number, number])[] =>
          source.kind === 'source' && source.topic.name === sink.topic.name ? [[sink.id, source.id]] : [],
        ),
  );
