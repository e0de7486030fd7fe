import { from, type ObservableInput, type Subscriber } from 'rxjs';
import { type Duration, durationMs } from './duration.ts';
import { Flow } from './flow.ts';
import { GraphBuilder, type ObserveNode } from './graph-builder.ts';
import { type GraphNode, inputsOf, type Pipeline, stagesOf } from './graph.ts';
import type { LogRecord } from './log/log.ts';
import { MemoryRun } from './memory/memory-run.ts';
import type { Topic } from './topic.ts';
import { validate } from './validate.ts';

/** Rows that come from RxJS, and what the engine needs to know of them. */
export interface Feed<T> {
  readonly rows: ObservableInput<T>;
  /** Event time in ms; without it no window and no ordered join can read the rows. */
  readonly at?: (row: T) => number;
  /** How far behind the highest event time rows may come before they are late. */
  readonly disorder?: Duration;
}

type Feeds = Readonly<Record<string, Feed<never>>>;

/**
 * Flows whose rows come from Observables, Promises or iterables, to be subscribed to: operators of ours between RxJS
 * and RxJS. Each subscription runs them anew, in memory and in this thread; nothing of it survives a crash. When all
 * feeds have completed, event time comes to its end and open windows are closed.
 */
export const flowsOf = <const T extends Readonly<Record<string, unknown>>>(feeds: {
  readonly [N in keyof T]: Feed<T[N]>;
}): { readonly [N in keyof T]: Flow<T[N]> } => {
  const graph = new GraphBuilder('flows', observe(feeds as Feeds));
  const flows = Object.entries<Feed<never>>(feeds as Feeds).map(([name, feed]) => [
    name,
    new Flow<unknown>(graph, graph.source(topicOf(name, feed))),
  ]);
  return Object.fromEntries(flows) as { readonly [N in keyof T]: Flow<T[N]> };
};

/** The same for one. */
export const flowOf = <T>(rows: ObservableInput<T>, options: Omit<Feed<T>, 'rows'> = {}): Flow<T> =>
  flowsOf<{ readonly rows: T }>({ rows: { rows, ...options } }).rows;

const refuse = (): never => {
  throw new TypeError('a flow in memory has no bytes');
};

const topicOf = (name: string, { at, disorder }: Feed<never>): Topic<unknown> => ({
  name,
  keyField: null,
  key: () => '',
  hasEventTime: at !== undefined,
  at: at === undefined ? (_, { heardAt }: LogRecord) => heardAt : (row) => at(row as never),
  disorderMs: disorder === undefined ? 0 : durationMs(disorder),
  broadcast: false,
  // Nothing here outlives a crash, so nothing needs to be read again.
  replayable: true,
  internal: false,
  read: refuse,
  write: refuse,
  schema: null,
  layout: null,
});

const OBSERVED: Topic<unknown> = topicOf('observed', {} as Feed<never>);

const observe =
  (feeds: Feeds): ObserveNode =>
  (nodes, node, subscriber) => {
    const wanted = pathTo(nodes, node);
    const run = new MemoryRun(wanted, {
      onRows: (_, { size, body }) => {
        for (let index = 0; index < size; index++) subscriber.next(body.row(index));
      },
    });
    return feed(feeds, wanted, run, subscriber);
  };

/** The part of the graph that leads to a node, with a sink behind it. */
const pathTo = (nodes: readonly GraphNode[], node: number): Pipeline => {
  const kept = new Set<number>();
  const visit = (id: number): void => {
    if (kept.has(id)) return;
    kept.add(id);
    for (const input of inputsOf(nodes[id]!)) visit(input);
    // What is written to a topic of the pipeline's own leads to whoever reads it.
    const read = nodes[id]!;
    if (read.kind !== 'source') return;
    for (const sink of nodes) if (sink.kind === 'sink' && sink.topic.name === read.topic.name) visit(sink.id);
  };
  visit(node);
  const numbers = new Map([...kept].sort((a, b) => a - b).map((id, index) => [id, index]));
  const moved = [...numbers].map(([id, index]) => renumbered(nodes[id]!, index, numbers));
  const sink: GraphNode = {
    kind: 'sink',
    id: moved.length,
    topic: OBSERVED,
    mode: 'keyed',
    input: numbers.get(node)!,
  };
  const all = [...moved, sink];
  const built: Pipeline = { name: 'flows', checkpointMs: 0, nodes: all, stages: stagesOf('flows', all) };
  validate(built);
  return built;
};

const renumbered = (node: GraphNode, id: number, numbers: ReadonlyMap<number, number>): GraphNode => {
  if (node.kind === 'source') return { ...node, id };
  if (node.kind === 'step') return { ...node, id, inputs: node.inputs.map((input) => numbers.get(input)!) };
  return { ...node, id, input: numbers.get(node.input)! };
};

/** Subscribes to the feeds that the flow reads. Rows that came in one turn of the event loop go through together. */
const feed = (
  feeds: Feeds,
  { nodes }: Pipeline,
  run: MemoryRun,
  subscriber: Subscriber<unknown>,
): (() => void) => {
  const read = new Set(nodes.flatMap((node) => (node.kind === 'source' ? [node.topic.name] : [])));
  const names = Object.keys(feeds).filter((name) => read.has(name));
  let open = names.length;
  let flushing: NodeJS.Immediate | undefined;
  const guarded = (act: () => void): void => {
    try {
      act();
    } catch (error) {
      subscriber.error(error);
    }
  };
  for (const name of names) {
    const subscription = from(feeds[name]!.rows as ObservableInput<unknown>).subscribe({
      next: (row) =>
        guarded(() => {
          run.push(name, row);
          flushing ??= setImmediate(() => {
            flushing = undefined;
            if (!subscriber.closed) guarded(() => run.flush());
          });
        }),
      error: (error: unknown) => subscriber.error(error),
      complete: () => {
        open -= 1;
        if (open > 0) return;
        guarded(() => run.end());
        subscriber.complete();
      },
    });
    subscriber.add(subscription);
  }
  return () => {
    clearImmediate(flushing);
    run.close();
  };
};
