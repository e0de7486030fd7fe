import type { NexmarkEvent } from '../events.ts';

/** A result row: whole numbers in the order that `queries` names. */
export type Row = readonly number[];

/**
 * The whole answer to a query, from the whole list of events, in any order. Written so that one sees that it is right:
 * no watermark, no state that is let go, no care for time or memory.
 */
export type Oracle = (events: readonly NexmarkEvent[]) => readonly Row[];
