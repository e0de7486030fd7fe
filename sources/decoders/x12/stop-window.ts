import { type Moment, momentOf } from './moment.ts';
import type { Stop } from './load-tender-204.ts';
import type { TransactionContext } from './transaction-context.ts';

/** From when until when a stop may be served, UTC milliseconds; null on a side that is open. */
export interface StopWindow {
  readonly from: number | null;
  readonly to: number | null;
  /** Of the end. */
  readonly precision: Moment['precision'];
  /** Dates that are none, as they came. */
  readonly unread: readonly string[];
}

type Side = 'from' | 'to' | 'both' | null;

/** Element 432: not before · not later than · requested, scheduled, estimated and appointed times, which are both. */
const sideOfDate: Readonly<Record<string, Side>> = {
  '37': 'from',
  '53': 'from',
  '38': 'to',
  '54': 'to',
  '02': 'both',
  '10': 'both',
  '17': 'both',
  '68': 'both',
  '69': 'both',
  '70': 'both',
  '78': 'both',
  '79': 'both',
};
/** Element 176, where the date's qualifier says nothing: earliest (`G`, `I`), latest (`K`, `L`), else the time itself. */
const sideOfTime: Readonly<Record<string, Side>> = {
  G: 'from',
  I: 'from',
  K: 'to',
  L: 'to',
  U: 'both',
  X: 'both',
  Y: 'both',
  Z: 'both',
};

/**
 * The window of a stop: 37 at 10:09 and 38 at 23:59 → [10:09; 23:59]; a scheduled time alone is both ends; a date without time is
 * that whole local day. The local time's zone is that of the stop. Issue dates and the like are no window.
 */
export const stopWindow = ({ dates, place }: Stop, { partner, settings }: TransactionContext): StopWindow => {
  let from: number | null = null;
  let to: Moment | null = null;
  const unread: string[] = [];
  for (const { qualifier, timeQualifier, stamp } of dates) {
    const side = sideOfDate[qualifier] ?? sideOfTime[timeQualifier] ?? null;
    if (side === null) continue;
    const moment = momentOf(stamp, place, partner, settings);
    if (moment === null) {
      unread.push(`${stamp.date} ${stamp.time}`.trim());
      continue;
    }
    if (side !== 'to') from = Math.max(from ?? moment.from, moment.from);
    if (side !== 'from' && (to === null || moment.at > to.at)) to = moment;
  }
  return { from, to: to?.at ?? null, precision: to?.precision ?? 'instant', unread };
};
