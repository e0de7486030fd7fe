import type { NexmarkEvent } from '../../events.ts';
import type { RowSink } from '../../row-sum.ts';

/** A query written out by hand: called for each event in the order heard, and once when there are no more. */
export interface Loop {
  on(event: NexmarkEvent): void;
  end(): void;
}

/** A loop that adds its result rows to `out`. */
export type MakeLoop = (out: RowSink) => Loop;
