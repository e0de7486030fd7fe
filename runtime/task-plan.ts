import type { KeyNode, SinkNode, Stage, StepNode } from './graph.ts';
import type { Barrier, Item, Key, Rows } from './item.ts';
import { type Inlet, inlet, type Observable, operate, shared } from './operate.ts';
import { pickRows } from './rows/pick-rows.ts';
import type { StepContext } from './step.ts';

/** A stage wired up for one task: where items go in, and what became of each node. */
export interface WiredStage {
  readonly inlets: ReadonlyMap<number, Inlet<unknown>>;
  /** Subscribes all outputs; returns the teardown. */
  readonly start: (onError: (error: unknown) => void) => () => void;
}

export interface Collector {
  rows(sink: SinkNode, rows: Rows<unknown>): void;
  barrier(sink: SinkNode, epoch: number): void;
}

/** What a step's context needs of the task; its side ways are wired here. */
export type ContextOf = (node: StepNode | KeyNode) => Omit<StepContext, 'side'>;

/** Turns the nodes of a stage into one chain of operators from inlets to collectors. */
export const wireStage = (stage: Stage, contextOf: ContextOf, collector: Collector): WiredStage => {
  const inlets = new Map<number, Inlet<unknown>>();
  const flows = new Map<number, Observable<Item<unknown>>>();
  const sinks: Observable<Item<unknown>>[] = [];
  const sides = new Map<string, Inlet<unknown>>();
  for (const node of stage.nodes) {
    if (node.kind === 'side') sides.set(`${node.input} ${node.port}`, inlet<unknown>());
  }
  for (const node of stage.nodes) {
    switch (node.kind) {
      case 'source': {
        const source = inlet<unknown>();
        inlets.set(node.id, source);
        flows.set(node.id, source.flow);
        break;
      }
      case 'key': {
        const context = contextOf(node);
        const flow = flows.get(node.input)!;
        flows.set(node.id, shared(flow.pipe(operate<unknown, unknown>((out) => keyed(node, context, out)))));
        break;
      }
      case 'step': {
        const inputs = node.inputs.map((input) => flows.get(input)!);
        const context: StepContext = {
          ...contextOf(node),
          side: (port) => {
            const way = sides.get(`${node.id} ${port}`);
            return (item) => way?.next(item);
          },
        };
        const made = node.step.make(context)(inputs as never);
        flows.set(node.id, shared(made.pipe(operate<unknown, unknown>((out) => counted(context, out)))));
        break;
      }
      case 'side':
        flows.set(node.id, sides.get(`${node.input} ${node.port}`)!.flow);
        // Its rows come only while the step itself runs.
        sinks.push(flows.get(node.input)!);
        break;
      case 'sink':
        sinks.push(
          flows.get(node.input)!.pipe(
            operate<unknown, unknown>(() => ({
              rows: (rows) => collector.rows(node, rows),
              barrier: ({ epoch }) => collector.barrier(node, epoch),
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
    if (rows.size > 0) context.countRows(rows.size);
    out(rows);
  },
  barrier: out,
});

/** Gives each row its key. A field of numbers is taken as it lies in the batch, without an object for the row. */
const keyed = (node: KeyNode, context: Omit<StepContext, 'side'>, out: (item: Item<unknown>) => void) => {
  const key = node.key as (row: unknown) => Key;
  const keysOf = (rows: Rows<unknown>): { readonly keys: Key[]; readonly failed: number[] } => {
    const keys: Key[] = [];
    const failed: number[] = [];
    for (let index = 0; index < rows.size; index++) {
      try {
        keys.push(node.field === null ? key(rows.body.row(index)) : keyIn(node.field, rows, index));
      } catch (error) {
        keys.push('');
        failed.push(index);
        const { heardAt, progress, position } = rows;
        context.fail({
          stage: 'operator',
          row: rows.body.row(index),
          heardAt: heardAt[index]!,
          error,
          moment: { progress, position: position[index]! },
        });
      }
    }
    return { keys, failed };
  };
  return {
    rows: (rows: Rows<unknown>): void => {
      const numbers = node.field === null ? null : rows.body.keys(node.field);
      if (numbers !== null) {
        out({ ...rows, keys: numbers });
        return;
      }
      const { keys, failed } = keysOf(rows);
      const withKeys: Rows<unknown> = { ...rows, keys: keys as Rows<unknown>['keys'] };
      out(failed.length === 0 ? withKeys : without(withKeys, failed));
    },
    barrier: (barrier: Barrier): void => {
      context.atBarrier(barrier.epoch);
      out(barrier);
    },
  };
};

const keyIn = (field: string, rows: Rows<unknown>, index: number): Key => {
  const key = rows.body.value(field, index);
  if (typeof key === 'string' || typeof key === 'number') return key;
  throw new TypeError(`field "${field}" is ${key === null ? 'null' : typeof key} and cannot be a key`);
};

const without = (rows: Rows<unknown>, failed: readonly number[]): Rows<unknown> => {
  const gone = new Set(failed);
  const kept = new Int32Array(rows.size - gone.size);
  let size = 0;
  for (let index = 0; index < rows.size; index++) if (!gone.has(index)) kept[size++] = index;
  return pickRows(rows, kept, size);
};
