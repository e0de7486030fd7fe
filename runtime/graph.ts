import { ForewarnError } from './forewarn-error.ts';
import type { Step } from './step.ts';
import type { Topic } from './topic.ts';

/** The graph of a pipeline: plain data that can be validated, drawn and run. */
export interface SourceNode {
  readonly kind: 'source';
  readonly id: number;
  readonly topic: Topic<unknown>;
}
export interface StepNode {
  readonly kind: 'step';
  readonly id: number;
  readonly step: Step<never, unknown, 'any' | 'keyed'>;
  readonly inputs: readonly number[];
}
export interface KeyNode {
  readonly kind: 'key';
  readonly id: number;
  readonly label: string;
  readonly key: (row: never) => string;
  readonly input: number;
}
export interface SinkNode {
  readonly kind: 'sink';
  readonly id: number;
  readonly topic: Topic<unknown>;
  readonly input: number;
}
export type GraphNode = SourceNode | StepNode | KeyNode | SinkNode;

/** Part of a pipeline between topics: what one task runs. `name` is the pipeline's, with a number where there are several. */
export interface Stage {
  readonly name: string;
  readonly nodes: readonly GraphNode[];
  readonly sources: readonly SourceNode[];
  readonly sinks: readonly SinkNode[];
}

export interface Pipeline {
  readonly name: string;
  readonly checkpointMs: number;
  readonly nodes: readonly GraphNode[];
  readonly stages: readonly Stage[];
}

export const inputsOf = (node: GraphNode): readonly number[] =>
  node.kind === 'source' ? [] : node.kind === 'step' ? node.inputs : [node.input];

/** Splits a graph where topics stand between its parts. */
export const stagesOf = (name: string, nodes: readonly GraphNode[]): readonly Stage[] => {
  const group = nodes.map((_, index) => index);
  const root = (index: number): number =>
    group[index] === index ? index : (group[index] = root(group[index]!));
  for (const node of nodes) for (const input of inputsOf(node)) group[root(node.id)] = root(input);
  const parts = new Map<number, GraphNode[]>();
  for (const node of nodes) {
    const part = parts.get(root(node.id)) ?? [];
    part.push(node);
    parts.set(root(node.id), part);
  }
  return [...parts.values()].map((part, index) => ({
    name: parts.size === 1 ? name : `${name}-${index + 1}`,
    nodes: part,
    sources: part.filter((node) => node.kind === 'source'),
    sinks: part.filter((node) => node.kind === 'sink'),
  }));
};

/** Sources that a node's rows come from. */
const originsOf = ({ nodes }: Pipeline, id: number): ReadonlySet<number> => {
  const origins = new Set<number>();
  const visit = (at: number): void => {
    const node = nodes[at]!;
    if (node.kind === 'source') origins.add(at);
    inputsOf(node).forEach(visit);
  };
  visit(id);
  return origins;
};

/**
 * A source that reaches a step by two inputs. Rows move in batches, one way after the other, so such a step would see
 * rows a, b as a, b, a', b' or as a, a', b, b', by where a batch was cut: its answers would depend on the machine's load.
 */
const readTwice = (pipeline: Pipeline, { inputs }: StepNode): SourceNode | undefined => {
  const seen = new Set<number>();
  for (const input of inputs) {
    for (const origin of originsOf(pipeline, input)) {
      if (seen.has(origin)) return pipeline.nodes[origin] as SourceNode;
      seen.add(origin);
    }
  }
  return undefined;
};

/**
 * FW209 when stages wait for each other: a task takes a row only once every writer of its inputs has come past that
 * row's log time, so a stage that reads what it writes, itself or by way of others, would wait for itself for ever.
 */
export const refuseCycles = (stages: readonly Stage[]): void => {
  const next = (stage: Stage): readonly Stage[] => {
    const written = new Set(stage.sinks.map((sink) => sink.topic.name));
    return stages.filter((other) => other.sources.some((source) => written.has(source.topic.name)));
  };
  const done = new Set<Stage>();
  const visit = (stage: Stage, path: readonly Stage[]): void => {
    const from = path.indexOf(stage);
    if (from >= 0) {
      const names = [...path.slice(from), stage].map(({ name }) => `"${name}"`).join(' → ');
      throw new ForewarnError(
        'FW209',
        `stages ${names} read what they write themselves; let one of these topics be written from outside`,
      );
    }
    if (done.has(stage)) return;
    for (const other of next(stage)) visit(other, [...path, stage]);
    done.add(stage);
  };
  for (const stage of stages) visit(stage, []);
};

/** Throws the first thing that is wrong with a pipeline, in one line, before anything runs. */
export const validate = (pipeline: Pipeline): void => {
  refuseCycles(pipeline.stages);
  const names = new Set<string>();
  const read = new Set<number>(pipeline.nodes.flatMap((node) => [...inputsOf(node)]));
  const isAsync = (id: number): boolean => {
    const node = pipeline.nodes[id]!;
    return (node.kind === 'step' && node.step.async) || inputsOf(node).some(isAsync);
  };
  for (const node of pipeline.nodes) {
    const where = `pipeline "${pipeline.name}"`;
    if (node.kind === 'step') {
      const { verb, name, stateful, faults } = node.step;
      if (faults[0] !== undefined)
        throw new ForewarnError('FW206', `${where} step "${name ?? verb}": ${faults[0]}`);
      if (stateful && (name === null || name === '')) {
        throw new ForewarnError(
          'FW201',
          `${where}: a step "${verb}" keeps state and has no name; give it one, it is the identity of its state`,
        );
      }
      if (name !== null && names.has(name)) {
        throw new ForewarnError(
          'FW202',
          `${where}: two steps are named "${name}"; a name is the identity of a step's state, choose another`,
        );
      }
      if (name !== null) names.add(name);
      if (node.inputs.length > 1 && node.inputs.some(isAsync)) {
        throw new ForewarnError(
          'FW205',
          `${where} step "${name ?? verb}": one of its inputs comes out of an asynchronous step; put a topic between`,
        );
      }
      const twice = readTwice(pipeline, node);
      if (twice !== undefined) {
        throw new ForewarnError(
          'FW205',
          `${where} step "${name ?? verb}": topic "${twice.topic.name}" reaches it by two of its inputs; do both in one step, or put a topic into one of the ways`,
        );
      }
    }
    if (node.kind !== 'sink' && !read.has(node.id)) {
      const what =
        node.kind === 'source'
          ? `topic "${node.topic.name}" is read and`
          : node.kind === 'step'
            ? `step "${node.step.name ?? node.step.verb}"`
            : 'keyBy';
      throw new ForewarnError(
        'FW207',
        `${where}: ${what} leads nowhere; write it with .to(topic) or leave it out`,
      );
    }
  }
};
