import type { Windowed } from '../runtime/flow.ts';
import type { Key } from '../runtime/item.ts';
import { windowStep } from './aggregate.ts';
import { topK, type TopKOptions } from './aggregates/top-k.ts';
import { bestOfBatch } from './window/best-of-batch.ts';
import type { WindowOptions, WindowResults } from './window/windowed.ts';

/**
 * The rows of a key and window with the highest values of a field, the highest first, as they came in.
 * size 10, k 1 by price: prices 5 at 1, 9 at 3, 9 at 4, 2 at 12 → 9 at 3 (with `keepTiesUpTo` also 9 at 4), then 2 at 12.
 * The event time of what leaves is the last moment of the window. State: at most k rows, or `keepTiesUpTo`,
 * for each key in each open pane.
 */
export const top =
  <const F extends string>(name: string, by: F, options: TopKOptions & WindowOptions) =>
  <T extends Readonly<Record<F, number | null | undefined>>, K extends Key, Name extends string>(
    windowed: Windowed<T, K, Name>,
  ): WindowResults<T, T, K, Name> => {
    const { k, order } = options;
    const { spec } = windowed;
    return windowStep<T, T, K, Name>(windowed, name, {
      verb: 'top',
      detail: `${options.k} by ${by}${options.keepTiesUpTo === undefined ? '' : `, ties up to ${options.keepTiesUpTo}`}`,
      aggregates: { top: topK(by, options) },
      options,
      beforeRekey:
        spec.kind === 'time'
          ? ({ field, key }) => bestOfBatch({ by, k, isLeast: order === 'least', spec, field, key })
          : null,
      rowsOf: ({ top: rows }) => rows as readonly unknown[],
    });
  };
