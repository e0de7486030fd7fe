import type { GraphNode, Stage } from './graph.ts';
import { type Inlet, inlet, type Observable, operate, shared } from './operate.ts';
import type { Control, Item, Rows } from './item.ts';
import type { StepContext } from './step.ts';
import type { Topic } from './topic.ts';

/** A stage wired up for one task: where items go in, and what became of each node. */
export interface WiredStage {
  readonly inlets: ReadonlyMap<number, Inlet<unknown>>;
  /** Subscribes all outputs; returns the teardown. */
  readonly start: (onError: (error: unknown) => void) => () => void;
}

export interface Collector {
  rows(node: number, topic: Topic<unknown>, rows: Rows<unknown>): void;
  barrier(node: number, epoch: number): void;
}

/** Turns the nodes of a stage into one chain of operators from inlets to collectors. */
export const wireStage = (
  stage: Stage,
  contextOf: (node: GraphNode & { readonly kind: 'step' }) => StepContext,
  collector: Collector,
): WiredStage => {
  const inlets = new Map<number, Inlet<unknown>>();
  const flows = new Map<number, Observable<Item<unknown>>>();
  const sinks: Observable<Item<unknown>>[] = [];
  for (const node of stage.nodes) {
    switch (node.kind) {
      case 'source': {
        const source = inlet<unknown>();
        inlets.set(node.id, source);
        flows.set(node.id, source.flow);
        break;
      }
      case 'key': {
        const key = node.key as (row: unknown) => string;
        flows.set(
          node.id,
          shared(flows.get(node.input)!.pipe(operate<unknown, unknown>((out) => keyed(key, out)))),
        );
        break;
      }
      case 'step': {
        const inputs = node.inputs.map((input) => flows.get(input)!);
        const context = contextOf(node);
        const made = node.step.make(context)(inputs as never);
        flows.set(node.id, shared(made.pipe(operate<unknown, unknown>((out) => counted(context, out)))));
        break;
      }
      case 'sink':
        sinks.push(
          flows.get(node.input)!.pipe(
            operate<unknown, unknown>(() => ({
              rows: (rows) => collector.rows(node.id, node.topic, rows),
              control: (item: Control) => {
                if (item.kind === 'barrier') collector.barrier(node.id, item.epoch);
              },
            })),
          ),
        );
        break;
    }
  }
  return {
    inlets,
    start: (onError) => {
      const subscriptions = sinks.map((sink) => sink.subscribe({ error: onError }));
      return () => subscriptions.forEach((subscription) => subscription.unsubscribe());
    },
  };
};

/** Tells how many rows leave a step. */
const counted = (context: StepContext, out: (item: Item<unknown>) => void) => ({
  rows: (rows: Rows<unknown>): void => {
    context.countRows(rows.values.length);
    out(rows);
  },
  control: out,
});

const keyed = (key: (row: unknown) => string, out: (item: Item<unknown>) => void) => ({
  rows: ({ values, at, heardAt }: Rows<unknown>): void =>
    out({ kind: 'rows', values, keys: values.map((value) => key(value)), at, heardAt }),
  control: out,
});
