import { type Flow, type Keyed, sideOf } from '../runtime/flow.ts';
import { type JoinMode, keyedProcess, rowsOf } from './keyed-process.ts';

/** An expected row has not come (`missing`), or came after it had been missed (`back`). */
export interface Absence<T> {
  readonly state: 'missing' | 'back';
  /** For `missing` the last row that came, for `back` the one that ended it. */
  readonly row: T;
  /** When the next row was expected. */
  readonly expectedBy: number;
  /** When this was noticed: `expectedBy`, or later where that had passed already. */
  readonly noticedAt: number;
}

export interface AbsenceOptions<T> {
  readonly name: string;
  readonly expectedBy: (row: T, now: number) => number | null;
  readonly mode?: JoinMode;
}

/** What was noticed, and beside it the rows that came too late to be put in order; none in `available` mode. */
export type Absences<T> = Keyed<Absence<T>> & { readonly late: Flow<T> };

interface Watched<T> {
  readonly row: T;
  readonly expectedBy: number;
  readonly missing: boolean;
}

/**
 * Notices what does not happen. After each row `expectedBy` says by when the next of its key should have come; null
 * ends the watch of the key. A row that expects the next one at a time already past leaves the key missing and says
 * nothing new. In the mode `available`, the default, times are log times: a silence is noticed as soon as the log has
 * come to its end, even when nothing is heard from anybody. In `ordered` they are event times: rows are judged in the
 * order in which they happened, and a silence is noticed when the watermark has passed its end, so a row that was only
 * slow to arrive is not missed, and a feed that is silent altogether says nothing until others are heard.
 * expectedBy = at + 10: rows heard at 1, 8, 25 → missing at 18 (after the row of 8), back at 25.
 * The same in `ordered`, disorder 5, the rows of 1, 8, 17 heard at 1, 20, 21 → nothing yet: the next is expected by 27.
 * State: one row a key, until `expectedBy` answers null; in `ordered` also the rows that wait for the watermark.
 */
export const absence = <T>(flow: Keyed<T>, options: AbsenceOptions<T>): Absences<T> => {
  const found = keyedProcess(options.name, {
    mode: options.mode ?? 'available',
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
  return Object.defineProperty(found, 'late', { get: () => sideOf<T>(found, 'late') }) as Absences<T>;
};
