import { type Duration, durationMs } from '../runtime/duration.ts';
import type { Step } from '../runtime/step.ts';
import { keyedStep } from './process/keyed-step.ts';

export interface SuppressOptions<T> {
  readonly name: string;
  /** For so long (log time) after a row was let through, further ones of its key are held back. */
  readonly for: Duration;
  /** Whether a row is news after the last one that was let through: then it passes at once. */
  readonly unless?: (before: T, row: T) => boolean;
  /** The last row that was held back is let through when the cool-down is over. */
  readonly thenLast?: boolean;
}

interface CoolDown<T> {
  /** The last row that was let through, where `unless` wants to see it. */
  readonly before: T | null;
  readonly held: T | null;
}

/**
 * A cool-down: one row of a key in `for`, unless it is news. Whatever is let through begins a cool-down of its own.
 * for 10ms: a heard at 1, 4, 11, 12 → 1, 11 (the cool-down of the first ends at 11); `thenLast` → 1, the one of 4 at
 * 11, and then, the cool-down having begun again, the one of 12 at 21.
 * A row let through at the end of a cool-down has the end as its event time, as what a timer makes has.
 * State: for each key that cools down a timer, the last row where `unless` is given, and one row held back.
 */
export const suppress = <T>(options: SuppressOptions<T>): Step<T, T, 'keyed'> => {
  const { name, unless, thenLast = false } = options;
  const forMs = durationMs(options.for);
  return keyedStep<T, CoolDown<T> | null, T>({
    verb: 'suppress',
    name,
    detail: [`for ${options.for}`, unless === undefined ? '' : 'unless news', thenLast ? 'then the last' : '']
      .filter((part) => part !== '')
      .join(', '),
    mode: 'available',
    counts: ['suppressed'],
    reactions: (step) => ({
      initial: null,
      row: (row, context) => {
        const cooling = context.state;
        const isNews = cooling === null || (unless !== undefined && unless(cooling.before as T, row));
        const givenUp = cooling !== null && (isNews || thenLast ? cooling.held !== null : true);
        if (isNews) {
          context.emit(row);
          context.set({ before: unless === undefined ? null : row, held: null });
          context.timer('over', context.now + forMs);
        } else if (thenLast) context.set({ ...cooling, held: row });
        if (givenUp) step.count('suppressed', 1);
      },
      timer: (context) => {
        const held = context.state?.held ?? null;
        if (held === null) {
          context.drop();
          return;
        }
        context.emit(held);
        context.set({ before: unless === undefined ? null : held, held: null });
        context.timer('over', context.now + forMs);
      },
    }),
  });
};
