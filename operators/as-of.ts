import type { Keyed } from '../runtime/flow.ts';
import { type Duration, durationMs } from '../runtime/duration.ts';
import { keyedProcess, rowsOf } from './keyed-process.ts';

/** A row with what was known of its key when it was heard. */
export interface AsOf<L, R> {
  readonly left: L;
  readonly right: R;
}

interface Waiting<L> {
  readonly row: L;
  readonly since: number;
}
interface Joined<L, R> {
  readonly right: R | null;
  readonly waiting: readonly Waiting<L>[];
}

/**
 * Joins each row with the latest version of a table of the same key, in available mode: with what the log had heard
 * by then. A row that finds none waits for it, at most `patience` long and `maxWaiting` rows a key; then it is handed
 * to `missed` and given up, and one too many goes to dead letters. A new version replaces the old one for later rows.
 * right v1 heard at 5, left at 3 and 7, right v2 at 9, left at 12 → (3, v1) when v1 comes, (7, v1), (12, v2).
 * State: one version and the waiting rows a key; forgotten `within` after the last row of either side.
 */
export const asOf = <L, R>(
  left: Keyed<L>,
  right: Keyed<R>,
  options: {
    readonly name: string;
    readonly within: Duration;
    readonly patience?: Duration;
    readonly maxWaiting?: number;
    /** Called for each left row that waited in vain; again for the same row when a crash makes it be done again. */
    readonly missed?: (row: L) => void;
  },
): Keyed<AsOf<L, R>> => {
  const withinMs = durationMs(options.within);
  const patienceMs = durationMs(options.patience ?? options.within);
  const maxWaiting = options.maxWaiting ?? 1_000;
  return keyedProcess(options.name, {
    detail: `as of, within ${options.within}`,
    faults: Number.isSafeInteger(maxWaiting)
      ? []
      : [`maxWaiting is ${maxWaiting}; rows that wait are state, say how many may`],
    inputs: { left, right },
    emits: rowsOf<AsOf<L, R>>(),
    initial: { right: null, waiting: [] } as Joined<L, R>,
    on: {
      left: (row, context) => {
        const { right: known, waiting } = context.state;
        context.timer('forget', context.now + withinMs);
        if (known !== null) {
          context.emit({ left: row, right: known });
          return;
        }
        if (waiting.length >= maxWaiting) {
          throw new RangeError(`${waiting.length} rows wait for their ${options.name}; no more are kept`);
        }
        context.set({ right: null, waiting: [...waiting, { row, since: context.now }] });
        if (waiting.length === 0) context.timer('patience', context.now + patienceMs);
      },
      right: (row, context) => {
        const { waiting } = context.state;
        context.timer('forget', context.now + withinMs);
        context.timer('patience', null);
        context.set({ right: row, waiting: [] });
        for (const held of waiting) context.emit({ left: held.row, right: row });
      },
    },
    onTimer: (name, context) => {
      const { right: known, waiting } = context.state;
      const givenUp = waiting.filter(({ since }) => name === 'forget' || since + patienceMs <= context.now);
      for (const held of givenUp) options.missed?.(held.row);
      if (name === 'forget') {
        context.drop();
        return;
      }
      const still = waiting.slice(givenUp.length);
      context.set({ right: known, waiting: still });
      context.timer('patience', still[0] === undefined ? null : still[0].since + patienceMs);
    },
  });
};
