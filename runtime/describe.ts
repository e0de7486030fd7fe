import { type GraphNode, inputsOf, type Pipeline } from './graph.ts';

export type DescribeFormat = 'text' | 'mermaid' | 'json';

const nameOf = (node: GraphNode): string => {
  switch (node.kind) {
    case 'source':
      return node.topic.name;
    case 'sink':
      return node.topic.name;
    case 'key':
      return `keyBy ${node.label}`;
    case 'step':
      return node.step.name ?? node.step.verb;
  }
};

const textOf = (node: GraphNode): string => {
  if (node.kind !== 'step') return nameOf(node);
  const { verb, name, detail } = node.step;
  return [name === null ? verb : `${verb} "${name}"`, detail].filter((part) => part !== '').join(' · ');
};

/** The graph of a pipeline for people (text), for documents (Mermaid) and for programs (JSON). */
export const describe = (pipeline: Pipeline, format: DescribeFormat): string => {
  if (format === 'json') return JSON.stringify(asData(pipeline), null, 2);
  return format === 'mermaid' ? mermaid(pipeline) : text(pipeline);
};

const asData = (pipeline: Pipeline): object => ({
  name: pipeline.name,
  checkpointMs: pipeline.checkpointMs,
  stages: pipeline.stages.map((stage) => ({
    name: stage.name,
    nodes: stage.nodes.map((node) => ({
      id: node.id,
      kind: node.kind,
      name: nameOf(node),
      ...(node.kind === 'step'
        ? {
            verb: node.step.verb,
            stateful: node.step.stateful,
            async: node.step.async,
            detail: node.step.detail,
          }
        : {}),
      ...(node.kind === 'source' ? { broadcast: node.topic.broadcast } : {}),
      inputs: inputsOf(node),
    })),
  })),
});

const text = (pipeline: Pipeline): string => {
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
      lines.push(`    ${number} ${kind}${textOf(node)}${broadcast}${state}${arrow}`);
    }
  }
  return lines.join('\n');
};

const mermaid = (pipeline: Pipeline): string => {
  const quoted = (words: string): string => `"${words.replaceAll('"', "'")}"`;
  const lines = ['flowchart LR'];
  for (const stage of pipeline.stages) {
    lines.push(`  subgraph ${stage.name.replaceAll('-', '_')}[${quoted(stage.name)}]`);
    for (const node of stage.nodes) {
      const words = quoted(textOf(node));
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
  // A topic that is written in one stage and read in another is one place in the log.
  for (const sink of pipeline.nodes) {
    if (sink.kind !== 'sink') continue;
    for (const source of pipeline.nodes) {
      if (source.kind === 'source' && source.topic.name === sink.topic.name)
        lines.push(`  n${sink.id} -.-> n${source.id}`);
    }
  }
  return lines.join('\n');
};
