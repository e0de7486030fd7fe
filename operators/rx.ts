import type { Step } from '../runtime/step.ts';
import { map } from './map.ts';
import { stateless } from './stateless.ts';
import { where } from './where.ts';

/** Answers all of them at once: an array, a set, a generator; never a Promise or an Observable. */
export type Many<In, Out> = (row: In) => Iterable<Out>;

const many =
  (verb: string) =>
  <In, Out>(change: Many<In, Out>): Step<In, Out> =>
    stateless<In, Out>(verb, '', (row, push) => {
      for (const value of change(row)) push(value);
    });

/** The callback sees each row, again after a crash; what it answers is passed over, and what it throws is the row's failure. */
const tap = <In>(look: (row: In) => void): Step<In, In> =>
  stateless<In, In>('tap', '', (row, push) => {
    look(row);
    push(row);
  });

/**
 * RxJS's stateless operators under the names that they have there, as steps of ours. An OperatorFunction of RxJS itself
 * is a closure that may keep state, a clock or a subscription, of which no checkpoint knows: it does not compile inside a
 * graph, and is for a `Flow` that one has subscribed to.
 * rx.filter(n => n > 2): 1, 3, 5 → 3, 5 · rx.map(n => n * 2): 1, 3 → 2, 6 · rx.concatMap(n => Array(n).fill(n)): 2, 0, 1 → 2, 2, 1.
 */
export const rx = {
  map,
  filter: where,
  /** None, one or many rows for each, in order. */
  concatMap: many('concatMap'),
  /** The same: what answers at once has nothing to interleave. */
  mergeMap: many('mergeMap'),
  tap,
} as const;
