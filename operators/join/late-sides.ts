import { type Flow, type Keyed, sideOf } from '../../runtime/flow.ts';
import type { Key } from '../../runtime/item.ts';

/** The rows of each side that came too late to be joined. */
export interface LateSides<L, R> {
  readonly late: { readonly left: Flow<L>; readonly right: Flow<R> };
}

/** A way of late rows is part of the graph only where somebody takes it. */
export const withLateSides = <Out, L, R, K extends Key, Name extends string>(
  joined: Keyed<Out, K, Name>,
): Keyed<Out, K, Name> & LateSides<L, R> =>
  Object.assign(joined, {
    late: {
      get left(): Flow<L> {
        return sideOf<L>(joined, 'late-left');
      },
      get right(): Flow<R> {
        return sideOf<R>(joined, 'late-right');
      },
    },
  });
