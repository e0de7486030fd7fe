import type { Subscriber } from 'rxjs';
import { type GraphBuilder, graphOf } from './graph-builder.ts';
import type { SinkMode } from './graph.ts';
import type { Key } from './item.ts';
import { Observable } from './operate.ts';
import type { Step } from './step.ts';
import { internalTopic, type Topic } from './topic.ts';
import type { WindowSpec } from './window-spec.ts';

export interface Output {
  readonly node: number;
}

/** Fields whose value may be a key. */
export type KeyField<T> = { [F in keyof T]: T[F] extends Key ? F : never }[keyof T] & string;
/** The type of a field as a key: any string, or any number. */
export type KeyOf<T, F extends keyof T> = T[F] extends number ? number : string;

type Any<In, Out> = Step<In, Out>;
type OnKeyed<In, Out> = Step<In, Out, 'any' | 'keyed'>;

/**
 * Rows of one kind as a definition sees them. A value: building on it starts nothing. It is an Observable too: outside
 * of a graph one may subscribe to it, and use all of RxJS from there on, where its rows come from `flowOf`.
 */
export class Flow<T> extends Observable<T> {
  readonly node: number;
  readonly graph: GraphBuilder;
  declare protected readonly row: T;

  constructor(graph: GraphBuilder, node: number) {
    super((subscriber) => graph.observe(node, subscriber as Subscriber<unknown>));
    this.graph = graph;
    this.node = node;
  }

  through<A>(a: Any<T, A>): Flow<A>;
  through<A, B>(a: Any<T, A>, b: Any<A, B>): Flow<B>;
  through<A, B, C>(a: Any<T, A>, b: Any<A, B>, c: Any<B, C>): Flow<C>;
  through<A, B, C, D>(a: Any<T, A>, b: Any<A, B>, c: Any<B, C>, d: Any<C, D>): Flow<D>;
  through(...steps: readonly Step<never, unknown>[]): Flow<unknown> {
    return new Flow<unknown>(this.graph, this.graph.chain(this.node, steps));
  }

  /** Rows of one key stay together and in order from here on; the key must be the one that places the topic's rows. */
  keyBy<F extends KeyField<T>>(field: F): Keyed<T, KeyOf<T, F>, F>;
  keyBy(key: (row: T) => string): Keyed<T, string, 'key'>;
  keyBy(key: (row: T) => number): Keyed<T, number, 'key'>;
  keyBy(key: string | ((row: T) => Key)): unknown {
    return keyed(this.graph, this.node, key);
  }

  /** Writes every row to a topic of the log: exactly once, with the task's next commit, or as `mode` says. */
  to(topic: Topic<T>, options: { readonly mode?: SinkMode } = {}): Output {
    return { node: this.graph.sink(this.node, topic as Topic<unknown>, options.mode ?? 'epoch') };
  }

  /** Sends rows through a topic of the log, so that rows of one key meet in one task, and goes on from there. */
  repartition(topic: Topic<T>): Flow<T> {
    this.to(topic);
    return new Flow<T>(this.graph, this.graph.source(topic as Topic<unknown>));
  }

  /** The same through a topic that the pipeline keeps for itself; `name` is part of the topic's name. */
  rekey<F extends KeyField<T>>(name: string, field: F): Keyed<T, KeyOf<T, F>, F>;
  rekey(name: string, key: (row: T) => string): Keyed<T, string, 'key'>;
  rekey(name: string, key: (row: T) => number): Keyed<T, number, 'key'>;
  rekey(name: string, key: string | ((row: T) => Key)): unknown {
    return rekeyed(this.graph, this.node, name, key);
  }

  /** This flow and others of the same rows, in the order in which the log heard what caused them. */
  union(...others: readonly Flow<T>[]): Flow<T> {
    return new Flow<T>(this.graph, this.graph.union([this.node, ...others.map(({ node }) => node)]));
  }

  /** One flow for each condition; a row goes to every flow whose condition it meets. */
  branch<B extends Readonly<Record<string, Step<T, unknown>>>>(ways: B): Branches<B> {
    return Object.fromEntries(
      Object.entries(ways).map(([name, step]) => [name, this.through(step)]),
    ) as unknown as Branches<B>;
  }
}

export type Branches<B> = {
  readonly [K in keyof B]: Flow<B[K] extends Step<never, infer Out> ? Out : never>;
};

/**
 * A flow whose rows have a key: what keeps state by key may follow. `Name` is the field that the key came from, `key`
 * where a function made it.
 */
export class Keyed<T, K extends Key = string, Name extends string = string> extends Observable<T> {
  readonly node: number;
  readonly graph: GraphBuilder;
  /** Field that results by key carry the key in. */
  readonly keyName: Name;
  /** Types only. */
  declare readonly rowType?: T;
  declare readonly keyType?: K;
  declare protected readonly key: (key: K) => K;

  constructor(graph: GraphBuilder, node: number, keyName: Name) {
    super((subscriber) => graph.observe(node, subscriber as Subscriber<unknown>));
    this.graph = graph;
    this.node = node;
    this.keyName = keyName;
  }

  through<A>(a: OnKeyed<T, A>): Keyed<A, K, Name>;
  through<A, B>(a: OnKeyed<T, A>, b: OnKeyed<A, B>): Keyed<B, K, Name>;
  through<A, B, C>(a: OnKeyed<T, A>, b: OnKeyed<A, B>, c: OnKeyed<B, C>): Keyed<C, K, Name>;
  through<A, B, C, D>(
    a: OnKeyed<T, A>,
    b: OnKeyed<A, B>,
    c: OnKeyed<B, C>,
    d: OnKeyed<C, D>,
  ): Keyed<D, K, Name>;
  through(...steps: readonly Step<never, unknown, 'any' | 'keyed'>[]): Keyed<unknown, K, Name> {
    return new Keyed<unknown, K, Name>(this.graph, this.graph.chain(this.node, steps), this.keyName);
  }

  /** Groups the rows of each key by event time. */
  window(spec: WindowSpec): Windowed<T, K, Name> {
    return new Windowed(this, spec);
  }

  /** Rows go on through a topic of the pipeline's own to the task that has their new key. */
  rekey<F extends KeyField<T>>(name: string, field: F): Keyed<T, KeyOf<T, F>, F>;
  rekey(name: string, key: (row: T) => string): Keyed<T, string, 'key'>;
  rekey(name: string, key: (row: T) => number): Keyed<T, number, 'key'>;
  rekey(name: string, key: string | ((row: T) => Key)): unknown {
    return rekeyed(this.graph, this.node, name, key);
  }

  to(topic: Topic<T>, options: { readonly mode?: SinkMode } = {}): Output {
    return { node: this.graph.sink(this.node, topic as Topic<unknown>, options.mode ?? 'epoch') };
  }

  /** Sends rows through a topic of the log, where they meet by its key, and goes on from there. */
  repartition(topic: Topic<T>): Flow<T> {
    this.to(topic);
    return new Flow<T>(this.graph, this.graph.source(topic as Topic<unknown>));
  }
}

/** What a step with several inputs takes: a keyed flow of any keys, which it compares itself. */
export interface KeyedRows<T> {
  readonly graph: GraphBuilder;
  readonly node: number;
  readonly keyName: string;
  readonly rowType?: T;
  readonly keyType?: Key;
}

/** Rows of a key, grouped by windows; what becomes of a group is said by the verb that follows: see `operators/window`. */
export class Windowed<T, K extends Key = string, Name extends string = string> {
  readonly keyed: Keyed<T, K, Name>;
  readonly spec: WindowSpec;
  /** Types only: without it the compiler finds windows of any rows alike. */
  declare readonly rowType?: T;

  constructor(keyed: Keyed<T, K, Name>, spec: WindowSpec) {
    this.keyed = keyed;
    this.spec = spec;
  }

  /** Hands the groups to a verb: `.through(aggregate('bids', { n: count() }))`. */
  through<Out>(verb: (windowed: Windowed<T, K, Name>) => Out): Out {
    return verb(this);
  }
}

const keyed = (
  graph: GraphBuilder,
  input: number,
  key: string | ((row: never) => Key),
): Keyed<unknown, Key> => {
  const isField = typeof key === 'string';
  const read = isField ? (row: never): Key => row[key] as Key : key;
  const node = graph.key(input, isField ? key : 'a function', isField ? key : null, read);
  return new Keyed<unknown, Key>(graph, node, isField ? key : 'key');
};

const rekeyed = (
  graph: GraphBuilder,
  input: number,
  name: string,
  key: string | ((row: never) => Key),
): Keyed<unknown, Key> => {
  const isField = typeof key === 'string';
  const read = isField ? (row: never): Key => row[key] as Key : key;
  const topic = internalTopic<never>(graph.internalName(name), read, isField ? key : null);
  graph.sink(input, topic as Topic<unknown>, 'epoch');
  return keyed(graph, graph.source(topic as Topic<unknown>), key);
};

/** For operators with several inputs: adds a step that reads all of them; its rows carry their key on. */
export const joinFlows = <Out, K extends Key = string, Name extends string = string>(
  inputs: readonly { readonly graph: GraphBuilder; readonly node: number }[],
  step: Step<never, Out, 'keyed'>,
  keyName: Name = 'key' as Name,
): Keyed<Out, K, Name> => {
  const graph = graphOf(inputs);
  return new Keyed<Out, K, Name>(
    graph,
    graph.step(
      step,
      inputs.map(({ node }) => node),
    ),
    keyName,
  );
};

/** Another way out of the step that made `flow`. */
export const sideOf = <T>(
  flow: { readonly graph: GraphBuilder; readonly node: number },
  port: string,
): Flow<T> => new Flow<T>(flow.graph, flow.graph.side(flow.node, port));
