import type { TrackingEvent } from './tracking-event.ts';

/** Who claims a name, and from when on: tracking numbers are recycled. */
export interface Claim {
  readonly shipmentId: string;
  readonly from: number;
}

/** What is known of one name. */
export interface NameState {
  /** By `from`, earliest first. */
  readonly claims: readonly Claim[];
  /** Events whose shipment is not known yet. */
  readonly waiting: readonly TrackingEvent[];
  /** Ids of the latest events, to know one that comes again. */
  readonly seen: readonly string[];
}

export const unknownName: NameState = { claims: [], waiting: [], seen: [] };

const CLAIMS_KEPT = 8;
const SEEN_KEPT = 256;
/** A scan may come this long before its plan says that the shipment exists. */
const EARLY_MS = 3 * 86_400_000;

/**
 * The shipment that a name means at a time: of the claims that had begun by then, or soon after, the latest.
 * claims A from 10 January, B from 1 June: 20 January → A, 30 May → B (early by two days), 5 June → B.
 */
export const shipmentAt = (claims: readonly Claim[], at: number): string | null =>
  claims.findLast((claim) => claim.from <= at + EARLY_MS)?.shipmentId ?? claims[0]?.shipmentId ?? null;

export const withClaim = (state: NameState, claim: Claim): NameState => {
  const others = state.claims.filter((known) => known.shipmentId !== claim.shipmentId);
  const known = state.claims.find((one) => one.shipmentId === claim.shipmentId);
  const from = Math.min(claim.from, known?.from ?? Infinity);
  const claims = [...others, { shipmentId: claim.shipmentId, from }].sort((a, b) => a.from - b.from);
  return { ...state, claims: claims.slice(-CLAIMS_KEPT) };
};

/** False when the event has come before under this name. */
export const isNew = (state: NameState, event: TrackingEvent): boolean => !state.seen.includes(event.id);

export const withSeen = (state: NameState, event: TrackingEvent): NameState => ({
  ...state,
  seen: [...state.seen.slice(-(SEEN_KEPT - 1)), event.id],
});

/** Without the events that waited in vain: one that is sent again is taken again. */
export const withGivenUp = (state: NameState): NameState => {
  const given = new Set(state.waiting.map(({ id }) => id));
  return { ...state, waiting: [], seen: state.seen.filter((id) => !given.has(id)) };
};
