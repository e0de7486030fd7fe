import type { Keyed } from '../runtime/flow.ts';
import { keyedProcess, rowsOf } from './keyed-process.ts';

/** An expected row has not come (`missing`), or came after it had been missed (`back`). */
export interface Absence<T> {
  readonly state: 'missing' | 'back';
  /** For `missing` the last row that came, for `back` the one that ended it. */
  readonly row: T;
  /** When the next row was expected. */
  readonly expectedBy: number;
  /** Log time at which this was noticed: `expectedBy`, or later where that had passed already. */
  readonly noticedAt: number;
}

interface Watched<T> {
  readonly row: T;
  readonly expectedBy: number;
  readonly missing: boolean;
}

/**
 * Notices what does not happen. After each row `expectedBy` says by when (log time) the next of its key should have
 * come; null ends the watch of the key. A row that expects the next one at a time already past leaves the key missing
 * and says nothing new.
 * expectedBy = at + 10: rows heard at 1, 8, 25 → missing at 18 (after the row of 8), back at 25.
 * State: one row a key, until `expectedBy` answers null.
 */
export const absence = <T>(
  flow: Keyed<T>,
  options: { readonly name: string; readonly expectedBy: (row: T, now: number) => number | null },
): Keyed<Absence<T>> =>
  keyedProcess(options.name, {
    detail: 'absence',
    inputs: { rows: flow },
    emits: rowsOf<Absence<T>>(),
    initial: null as Watched<T> | null,
    on: {
      rows: (row, context) => {
        const before = context.state;
        const expectedBy = options.expectedBy(row, context.now);
        const stillMissing = before?.missing === true && expectedBy !== null && expectedBy <= context.now;
        if (before?.missing === true && !stillMissing) {
          context.emit({ state: 'back', row, expectedBy: before.expectedBy, noticedAt: context.now });
        }
        if (expectedBy === null) {
          context.drop();
          return;
        }
        context.set({ row, expectedBy, missing: stillMissing });
        context.timer('missing', stillMissing ? null : expectedBy);
      },
    },
    onTimer: (_, context) => {
      const { state } = context;
      if (state === null) return;
      context.set({ ...state, missing: true });
      context.emit({
        state: 'missing',
        row: state.row,
        expectedBy: state.expectedBy,
        noticedAt: context.now,
      });
    },
  });
