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

/** Throws the first thing that is wrong with a pipeline, in one line, before anything runs. */
export const validate = (pipeline: Pipeline): void => {
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
