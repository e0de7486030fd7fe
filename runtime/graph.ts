import type { Key } from './item.ts';
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
  /** The field that is the key, where it is one. */
  readonly field: string | null;
  readonly key: (row: never) => Key;
  readonly input: number;
}
/** Another way out of a step: its late rows. */
export interface SideNode {
  readonly kind: 'side';
  readonly id: number;
  readonly port: string;
  readonly input: number;
}
/**
 * When rows are written, and what a reader may count on. `epoch`: with the commit, each once. `keyed`: at once, and
 * again after a crash, equal and under the same id. `append`: at once, and again after a crash, perhaps others.
 */
export type SinkMode = 'epoch' | 'keyed' | 'append';
export interface SinkNode {
  readonly kind: 'sink';
  readonly id: number;
  readonly topic: Topic<unknown>;
  readonly mode: SinkMode;
  readonly input: number;
}
export type GraphNode = SourceNode | StepNode | KeyNode | SideNode | SinkNode;

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

/** A step that was put before another one has a later number. */
const inputsFirst = (nodes: readonly GraphNode[]): readonly GraphNode[] => {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const sorted = new Set<GraphNode>();
  const visit = (node: GraphNode): void => {
    if (sorted.has(node)) return;
    for (const input of inputsOf(node)) visit(byId.get(input)!);
    sorted.add(node);
  };
  nodes.forEach(visit);
  return [...sorted];
};

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
  return [...parts.values()].map(inputsFirst).map((part, index) => ({
    name: parts.size === 1 ? name : `${name}-${index + 1}`,
    nodes: part,
    sources: part.filter((node) => node.kind === 'source'),
    sinks: part.filter((node) => node.kind === 'sink'),
  }));
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
