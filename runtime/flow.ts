import { type Duration, durationMs } from './duration.ts';
import { type GraphNode, type Pipeline, stagesOf, validate } from './graph.ts';
import type { Step } from './step.ts';
import type { Topic } from './topic.ts';

/** Collects nodes while a definition runs; ids are positions. */
class GraphBuilder {
  readonly nodes: GraphNode[] = [];
  readonly #sources = new Map<string, number>();

  add(node: (id: number) => GraphNode): number {
    const id = this.nodes.length;
    this.nodes.push(node(id));
    return id;
  }

  source(topic: Topic<unknown>): number {
    const known = this.#sources.get(topic.name);
    if (known !== undefined) return known;
    const id = this.add((at) => ({ kind: 'source', id: at, topic }));
    this.#sources.set(topic.name, id);
    return id;
  }
}

export interface Output {
  readonly node: number;
}

type Fields<T> = { [K in keyof T]: T[K] extends string ? K : never }[keyof T] & string;

/** Rows of one kind as a definition sees them. A value: building on it starts nothing. */
export class Flow<T> {
  readonly node: number;
  readonly graph: GraphBuilder;
  declare protected readonly row: T;

  constructor(graph: GraphBuilder, node: number) {
    this.graph = graph;
    this.node = node;
  }

  through<A>(a: Step<T, A>): Flow<A>;
  through<A, B>(a: Step<T, A>, b: Step<A, B>): Flow<B>;
  through<A, B, C>(a: Step<T, A>, b: Step<A, B>, c: Step<B, C>): Flow<C>;
  through(...steps: readonly Step<never, unknown>[]): Flow<unknown> {
    return new Flow<unknown>(this.graph, chain(this.graph, this.node, steps));
  }

  /** Rows of one key stay together and in order from here on; the key must be the one that places the topic's rows. */
  keyBy(field: Fields<T> | ((row: T) => string)): Keyed<T> {
    const key = typeof field === 'function' ? field : (row: T): string => row[field] as string;
    const label = typeof field === 'function' ? 'a function' : field;
    const node = this.graph.add((id) => ({
      kind: 'key',
      id,
      label,
      key: key as (row: never) => string,
      input: this.node,
    }));
    return new Keyed<T>(this.graph, node);
  }

  /** Writes every row to a topic of the log, exactly once. */
  to(topic: Topic<T>): Output {
    return {
      node: this.graph.add((id) => ({ kind: 'sink', id, topic: topic as Topic<unknown>, input: this.node })),
    };
  }

  /** Sends rows through a topic of the log, so that rows of one key meet in one task, and goes on from there. */
  repartition(topic: Topic<T>): Flow<T> {
    this.to(topic);
    return new Flow<T>(this.graph, this.graph.source(topic as Topic<unknown>));
  }
}

/** A flow whose rows have a key: what keeps state by key may follow. */
export class Keyed<T> {
  readonly node: number;
  readonly graph: GraphBuilder;
  declare protected readonly row: T;
  declare protected readonly keyed: true;

  constructor(graph: GraphBuilder, node: number) {
    this.graph = graph;
    this.node = node;
  }

  through<A>(a: Step<T, A, 'any' | 'keyed'>): Keyed<A>;
  through<A, B>(a: Step<T, A, 'any' | 'keyed'>, b: Step<A, B, 'any' | 'keyed'>): Keyed<B>;
  through<A, B, C>(
    a: Step<T, A, 'any' | 'keyed'>,
    b: Step<A, B, 'any' | 'keyed'>,
    c: Step<B, C, 'any' | 'keyed'>,
  ): Keyed<C>;
  through(...steps: readonly Step<never, unknown, 'any' | 'keyed'>[]): Keyed<unknown> {
    return new Keyed<unknown>(this.graph, chain(this.graph, this.node, steps));
  }

  to(topic: Topic<T>): Output {
    return {
      node: this.graph.add((id) => ({ kind: 'sink', id, topic: topic as Topic<unknown>, input: this.node })),
    };
  }
}

const chain = (
  graph: GraphBuilder,
  from: number,
  steps: readonly Step<never, unknown, 'any' | 'keyed'>[],
): number => {
  let node = from;
  for (const step of steps) {
    const input = node;
    node = graph.add((id) => ({ kind: 'step', id, step, inputs: [input] }));
  }
  return node;
};

/** For operators with several inputs: adds a step that reads all of them. */
export const joinFlows = <Out>(
  inputs: readonly { readonly graph: GraphBuilder; readonly node: number }[],
  step: Step<never, Out, 'keyed'>,
): Keyed<Out> => {
  const { graph } = inputs[0]!;
  return new Keyed<Out>(
    graph,
    graph.add((id) => ({ kind: 'step', id, step, inputs: inputs.map((input) => input.node) })),
  );
};

type Topics = Readonly<Record<string, Topic<unknown>>>;
type RowOf<X> = X extends Topic<infer T> ? T : never;

export interface PipelineOptions<S extends Topics> {
  readonly from: S;
  /** How often a task commits at most: outputs wait for it. */
  readonly checkpoint?: Duration;
}

/**
 * Defines a pipeline. The definition runs once, now, and yields a graph; nothing is read or written before an engine
 * runs it. Throws FW2xx, in one line, for what is wrong with it.
 */
export const pipeline = <const S extends Topics>(
  name: string,
  options: PipelineOptions<S>,
  define: (flows: { readonly [K in keyof S]: Flow<RowOf<S[K]>> }) => readonly Output[],
): Pipeline => {
  const graph = new GraphBuilder();
  const flows = Object.fromEntries(
    Object.entries(options.from).map(([key, topic]) => {
      return [key, new Flow<unknown>(graph, graph.source(topic))];
    }),
  );
  define(flows as { readonly [K in keyof S]: Flow<RowOf<S[K]>> });
  const { nodes } = graph;
  const built = {
    name,
    checkpointMs: durationMs(options.checkpoint ?? '250ms'),
    nodes,
    stages: stagesOf(name, nodes),
  };
  validate(built);
  return built;
};
