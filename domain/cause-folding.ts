import { type CauseKind, causeKinds, type CauseRecord } from './cause-record.ts';
import type { CauseChange, CauseShare } from './cause-share.ts';
import { sameContent } from './same-content.ts';

type Counts = Readonly<Record<string, number>>;

/** Sums over all shipments that have a cause in common; no shipment is named, so a storm of any size is one small row. */
export interface CauseSums {
  readonly at: number;
  readonly open: number;
  readonly raised: number;
  readonly shipments: number;
  readonly linesLate: number;
  readonly valueByCurrency: Counts;
  /** Shipments with something open by customer, and by their worst severity. */
  readonly customers: Counts;
  readonly severities: Counts;
  readonly firstRaisedAt: number | null;
  readonly category: string;
}

/** A cause with the last record that was written of it, and since when nothing of it is open. */
export interface FoldedCause {
  readonly sums: CauseSums;
  readonly said: CauseRecord | null;
  readonly overSince: number | null;
}

const nothing: CauseSums = {
  at: 0,
  open: 0,
  raised: 0,
  shipments: 0,
  linesLate: 0,
  valueByCurrency: {},
  customers: {},
  severities: {},
  firstRaisedAt: null,
  category: '',
};
export const unknownCause: FoldedCause = { sums: nothing, said: null, overSince: null };

/** What begins so long after a cause was over is another episode of it, and counts from the start: a port, next month. */
export const EPISODES_APART_MS = 7 * 86_400_000;
/** A record of a cause is written at once, then at most every so often, however many shipments a storm meets. */
export const APART_MS = 1_000;

/** The sums with a share in them (`by` 1), or without it (−1). What it says of the first raise is never taken out. */
const withShare = (sums: CauseSums, share: CauseShare | null, by: 1 | -1): CauseSums => {
  if (share === null) return sums;
  const { firstRaisedAt: known } = sums;
  const isFirst =
    by === 1 &&
    (known === null ||
      share.firstRaisedAt < known ||
      (share.firstRaisedAt === known && share.category < sums.category));
  const raised = {
    at: sums.at,
    raised: sums.raised + by * share.raised,
    firstRaisedAt: isFirst ? share.firstRaisedAt : known,
    category: isFirst ? share.category : sums.category,
  };
  if (share.open === 0) return { ...sums, ...raised };
  const { customerId, currency, valueMinor } = share;
  return {
    ...raised,
    open: sums.open + by * share.open,
    shipments: sums.shipments + by,
    linesLate: sums.linesLate + by * share.linesLate,
    valueByCurrency:
      currency === null ? sums.valueByCurrency : added(sums.valueByCurrency, currency, by * valueMinor),
    customers: customerId === null ? sums.customers : added(sums.customers, customerId, by),
    severities: added(sums.severities, String(share.worstSeverity), by),
  };
};

const added = (counts: Counts, key: string, by: number): Counts => {
  const count = (counts[key] ?? 0) + by;
  if (count !== 0) return { ...counts, [key]: count };
  const { [key]: _, ...rest } = counts;
  return rest;
};

/** Takes a change of one shipment's share, at log time `now`. Changes of different shipments may come in any order. */
export const withChange = (cause: FoldedCause, change: CauseChange, now: number): FoldedCause => {
  const { overSince, said } = cause;
  const isNewEpisode =
    overSince !== null && now - overSince >= EPISODES_APART_MS && (change.after?.open ?? 0) > 0;
  const before = isNewEpisode ? nothing : cause.sums;
  const sums = withShare(withShare(before, change.before, -1), change.after, 1);
  return {
    // An exception of an episode before may be opened again: it was raised then.
    sums: { ...sums, at: Math.max(before.at, change.at), raised: Math.max(sums.raised, sums.open) },
    said,
    overSince: sums.open > 0 ? null : (overSince ?? now),
  };
};

/** The record as it stands, as the version after the last one that was written. */
export const recordOf = (causeId: string, { sums, said }: FoldedCause, now: number): CauseRecord => ({
  id: causeId,
  version: (said?.version ?? 0) + 1,
  at: sums.at,
  heardAt: now,
  kind: kindOf(causeId),
  state: sums.open > 0 ? 'open' : 'over',
  category: sums.category,
  open: sums.open,
  raised: sums.raised,
  shipments: sums.shipments,
  customers: Object.keys(sums.customers).length,
  linesLate: sums.linesLate,
  valueByCurrency: sums.valueByCurrency,
  worstSeverity: Object.keys(sums.severities).reduce((worst, one) => Math.max(worst, Number(one)), 0),
  firstRaisedAt: sums.firstRaisedAt ?? sums.at,
});

const kindOf = (causeId: string): CauseKind =>
  causeKinds.find((kind) => causeId.startsWith(`${kind}:`)) ?? 'feed';

export interface Saying {
  readonly cause: FoldedCause;
  /** The record to write now; null where it says nothing new, or may not yet. */
  readonly record: CauseRecord | null;
  /** When to look again; null where nothing waits. */
  readonly lookAgainAt: number | null;
}

/**
 * What is to be written of a cause at log time `now`. Ten shipments join at 0, 10, 20 … 90 ms → version 1 at 0 with one
 * of them, version 2 at 1000 with all ten.
 */
export const sayCause = (causeId: string, cause: FoldedCause, now: number): Saying => {
  const { said } = cause;
  const record = recordOf(causeId, cause, now);
  if (said !== null && sameContent(said, record)) return { cause, record: null, lookAgainAt: null };
  if (said !== null && now < said.heardAt + APART_MS)
    return { cause, record: null, lookAgainAt: said.heardAt + APART_MS };
  return { cause: { ...cause, said: record }, record, lookAgainAt: null };
};
