import type { identifierKinds } from './event.ts';
import type { TrackingEvent } from './tracking-event.ts';

type NameKind = (typeof identifierKinds)[number] | 'shipment';

/**
 * Kinds of names from the one that means a shipment most surely to the one that it shares with the most others. Where
 * two names of one event disagree, the earlier one here is believed.
 */
const ranked: readonly NameKind[] = [
  'shipment',
  'pro',
  'tracking',
  'house_bill',
  'bol',
  'tms',
  'shipper_reference',
  'po',
  'container',
  'booking',
  'master_bill',
  'equipment',
];

const kindOf = (name: string): NameKind => name.slice(0, name.indexOf(':')) as NameKind;
export const rankOf = (name: string): number => ranked.indexOf(kindOf(name));

const DAY_MS = 86_400_000;

interface Validity {
  /** A scan may come this long before the plan says that the shipment exists. */
  readonly earlyMs: number;
  /** And this long after it should have ended: what is stuck in customs keeps its number. */
  readonly overdueMs: number;
}
const ofOneShipment: Validity = { earlyMs: 3 * DAY_MS, overdueMs: 90 * DAY_MS };

/** What many shipments ride in or under at once, and how soon it is used again: a trailer the day after. Our own figures. */
const ofMany: Partial<Record<NameKind, Validity>> = {
  container: { earlyMs: 3 * DAY_MS, overdueMs: 30 * DAY_MS },
  booking: { earlyMs: 3 * DAY_MS, overdueMs: 30 * DAY_MS },
  master_bill: { earlyMs: 3 * DAY_MS, overdueMs: 30 * DAY_MS },
  equipment: { earlyMs: 1 * DAY_MS, overdueMs: 2 * DAY_MS },
};

/** Whether an event that goes by this name is told to every shipment that has it. */
export const isShared = (name: string): boolean => ofMany[kindOf(name)] !== undefined;

/** Who claims a name, and over which planned time: numbers are recycled, and containers sail again. */
export interface Claim {
  readonly shipmentId: string;
  readonly from: number;
  readonly to: number;
}

/** An event that goes by this name, while nobody claims it; the event itself waits where all its names meet. */
export interface Asking {
  readonly eventId: string;
  readonly at: number;
  readonly index: number;
  /** Log time at which it is given up. */
  readonly until: number;
}

/** What is known of one name. */
export interface NameState {
  /** By `from`, earliest first. */
  readonly claims: readonly Claim[];
  readonly asking: readonly Asking[];
  /** Ids of the latest events, to know one that comes again. */
  readonly seen: readonly string[];
  /** The latest events of a name that is shared, for a shipment that claims it later. */
  readonly recent: readonly TrackingEvent[];
  /** Of a shipment's own id: what it was merged into; left out where it was not. */
  readonly into?: string;
}

export const unknownName: NameState = { claims: [], asking: [], seen: [], recent: [] };

const CLAIMS_KEPT = 8;
/** House shipments in one container or under one master bill. */
const SHARED_CLAIMS_KEPT = 512;
const SEEN_KEPT = 256;
const ASKING_KEPT = 256;
const RECENT_KEPT = 32;

/**
 * The shipments that a name means at a time. A claim holds from a little before its plan to some time after its end.
 * Of several the latest is meant, of a shared name all of one voyage, and of an order number none: one cannot say which.
 * PRO, A 10–20 January, B 1–9 June: 20 January → A, 30 May → B (early by two days), 1 December → nobody's any more.
 * Container, A and B in January, C in March: 15 January → A and B, 10 March → C.
 */
export const shipmentsAt = (name: string, claims: readonly Claim[], at: number): readonly string[] => {
  const kind = kindOf(name);
  const { earlyMs, overdueMs } = ofMany[kind] ?? ofOneShipment;
  const begun = claims.filter(({ from, to }) => from - earlyMs <= at && at <= to + overdueMs);
  const latest = begun.at(-1);
  if (latest === undefined) return [];
  const current = begun.filter(({ to }) => at <= to);
  const meant = current.length > 0 ? current : begun.filter(({ to }) => to >= latest.from);
  if (isShared(name)) return meant.map(({ shipmentId }) => shipmentId);
  if (kind === 'po' && current.length > 1) return [];
  return [latest.shipmentId];
};

/** A plan's claim takes the place of the one that it made before. */
export const withClaim = (state: NameState, name: string, claim: Claim): NameState => {
  const { shipmentId, to } = claim;
  const others = state.claims.filter((other) => other.shipmentId !== shipmentId);
  const known = state.claims.find((other) => other.shipmentId === shipmentId);
  const from = Math.min(claim.from, known?.from ?? Infinity);
  const claims = [...others, { shipmentId, from, to }].sort((a, b) => a.from - b.from);
  return { ...state, claims: claims.slice(-(isShared(name) ? SHARED_CLAIMS_KEPT : CLAIMS_KEPT)) };
};

/** Those that have found their shipment by now leave. */
export const answered = (
  state: NameState,
  name: string,
): { readonly state: NameState; readonly found: readonly Asking[] } => {
  const found = state.asking.filter(({ at }) => shipmentsAt(name, state.claims, at).length > 0);
  if (found.length === 0) return { state, found };
  return { state: { ...state, asking: state.asking.filter((one) => !found.includes(one)) }, found };
};

export const withAsking = (state: NameState, asking: Asking): NameState => ({
  ...state,
  asking: [...state.asking.filter(({ eventId }) => eventId !== asking.eventId), asking].slice(-ASKING_KEPT),
});

/** False when the event has come before under this name. */
export const isNew = (state: NameState, eventId: string): boolean => !state.seen.includes(eventId);

export const withSeen = (state: NameState, name: string, event: TrackingEvent): NameState => ({
  ...state,
  seen: [...state.seen.slice(-(SEEN_KEPT - 1)), event.id],
  recent: isShared(name) ? [...state.recent.slice(-(RECENT_KEPT - 1)), event] : state.recent,
});

/** Without the events that have asked in vain: one that is sent again is taken again. */
export const withGivenUp = (state: NameState, now: number): NameState => {
  const given = new Set(state.asking.filter(({ until }) => until <= now).map(({ eventId }) => eventId));
  if (given.size === 0) return state;
  return {
    ...state,
    asking: state.asking.filter(({ eventId }) => !given.has(eventId)),
    seen: state.seen.filter((id) => !given.has(id)),
    recent: state.recent.filter(({ id }) => !given.has(id)),
  };
};
