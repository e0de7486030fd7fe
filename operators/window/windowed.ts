import type { Flow, Keyed } from '../../runtime/flow.ts';
import type { Key } from '../../runtime/item.ts';
import type { Duration } from '../../runtime/duration.ts';

/** Why a result came: before the end of its window, at it, or because of a row that was late and still counted. */
export type Firing = 'early' | 'on time' | 'late';

/** What every result of a window says of itself. Event times in ms; the window is `[windowStart; windowEnd)`. */
export interface WindowBounds {
  readonly windowStart: number;
  readonly windowEnd: number;
  readonly firing: Firing;
}

export interface WindowOptions {
  /**
   * For so long (event time) after its end a window is kept, and rows that come for it make a new result of it, which
   * stands in place of the one before. Rows that come later leave by the way `late`.
   */
  readonly lateness?: Duration;
  /** Results before the end, whenever so much log time has passed and something has changed. */
  readonly early?: Duration;
}

/** Results of windows, and beside them the rows that came too late for theirs. */
export type WindowResults<Out, T, K extends Key, Name extends string> = Keyed<Out, K, Name> & {
  readonly late: Flow<T>;
};
