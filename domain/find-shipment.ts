import { isPastEvent } from './history.ts';
import type { IdentityFinding } from './identity-finding.ts';
import { stableId } from './stable-id.ts';
import type { TrackingEvent } from './tracking-event.ts';

/** What one name of an event answers: the shipments that it means at the event's time. */
export interface NameAnswer {
  readonly eventId: string;
  readonly name: string;
  /** Place among the event's names, best first, and how many there are; 0 where only a later answer is given. */
  readonly index: number;
  readonly of: number;
  /** The best name brings the event itself. */
  readonly event: TrackingEvent | null;
  readonly shipmentIds: readonly string[];
  readonly isShared: boolean;
  /** `later`: a plan has claimed the name since it was asked. */
  readonly when: 'asked' | 'later';
  /** The best name has given the event to its shipment already; without the event, it had heard it before. */
  readonly isDone: boolean;
}

type Said = Pick<NameAnswer, 'name' | 'shipmentIds' | 'isShared'>;

/** An event of which not all names have answered, or none knows a shipment. */
export interface Sought {
  readonly event: TrackingEvent | null;
  readonly of: number;
  /** By place among the names. */
  readonly said: Readonly<Record<number, Said>>;
  readonly isDone: boolean;
  /** All have answered, and no shipment is known. */
  readonly isHeld: boolean;
  /** A grave event was told of a shipment that only its name is known of. */
  readonly isRaised: boolean;
}

export const nothingSought: Sought = {
  event: null,
  of: 0,
  said: {},
  isDone: false,
  isHeld: false,
  isRaised: false,
};

export interface Search {
  /** Null: nothing more is to be kept of the event. */
  readonly sought: Sought | null;
  readonly events: readonly TrackingEvent[];
  readonly findings: readonly IdentityFinding[];
}

/** The event for each of its shipments. Of a shared name each gets one of its own, whose id the same event always has. */
export const eventsFor = (
  event: TrackingEvent,
  { shipmentIds, isShared }: Pick<Said, 'shipmentIds' | 'isShared'>,
): readonly TrackingEvent[] =>
  shipmentIds.map((shipmentId) =>
    isShared
      ? {
          ...event,
          shipmentId,
          id: stableId(event.id, shipmentId),
          retracts: event.retracts === null ? null : stableId(event.retracts, shipmentId),
        }
      : { ...event, shipmentId },
  );

/** The shipment under which a grave event is raised while its plan is unknown: called after the event's best name. */
const unknownShipment = (name: string): string => `unknown:${name}`.slice(0, 200);

const raisedAs = (event: TrackingEvent, name: string): TrackingEvent => ({
  ...event,
  id: stableId(event.id, 'unknown'),
  shipmentId: unknownShipment(name),
  retracts: event.retracts === null ? null : stableId(event.retracts, 'unknown'),
});

/** Takes back what was raised of the unknown shipment, for it is known now and was told of itself. */
const takenBack = (event: TrackingEvent, name: string, now: number): TrackingEvent => ({
  ...event,
  id: stableId(event.id, 'unknown', 'found'),
  heardAt: now,
  shipmentId: unknownShipment(name),
  status: 'information',
  cause: 'none',
  effect: 'none',
  party: 'none',
  category: null,
  text: null,
  retracts: stableId(event.id, 'unknown'),
});

const best = ({ said, of }: Sought): Said | undefined => {
  for (let index = 0; index < of; index += 1)
    if ((said[index]?.shipmentIds.length ?? 0) > 0) return said[index];
  return undefined;
};

export const findingOf = (
  what: IdentityFinding['what'],
  event: TrackingEvent,
  { said, of }: Pick<Sought, 'said' | 'of'>,
  shipmentIds: readonly string[],
  now: number,
): IdentityFinding => ({
  id: stableId('identity', event.id, what),
  at: event.at,
  heardAt: now,
  what,
  eventId: event.id,
  feed: event.source.feed,
  carrier: event.carrier,
  status: event.status,
  category: event.category,
  code: event.code,
  cause: event.cause,
  names: Array.from({ length: of }, (_, index) => said[index]?.name ?? ''),
  shipmentIds: [...shipmentIds],
});

/** Said where a name of one shipment means another than the best name does; what many share may well know more of them. */
const disagreement = (sought: Sought, chosen: Said, now: number): readonly IdentityFinding[] => {
  const others = Object.values(sought.said).flatMap(({ shipmentIds, isShared }) =>
    shipmentIds.length === 0 || shipmentIds.some((one) => chosen.shipmentIds.includes(one)) || isShared
      ? []
      : shipmentIds,
  );
  if (others.length === 0 || sought.event === null) return [];
  return [
    findingOf('disagreed', sought.event, sought, [...new Set([...chosen.shipmentIds, ...others])], now),
  ];
};

/**
 * One more answer about an event. Names PRO → A, BOL → B: it is A's, and that they disagree is said. PRO → nobody,
 * BOL → B: it is B's. Nobody at all: it is held until a plan claims one of its names, and a grave one is raised at once.
 */
export const search = (
  before: Sought,
  answer: NameAnswer,
  { now, isGrave }: { readonly now: number; readonly isGrave: (category: string) => boolean },
): Search => {
  const { index, name, shipmentIds, isShared, when } = answer;
  const of = when === 'later' ? before.of : answer.of;
  if (of === 0) return { sought: null, events: [], findings: [] };
  const sought: Sought = {
    ...before,
    of,
    event: before.event ?? answer.event,
    said: { ...before.said, [index]: { name, shipmentIds, isShared } },
    isDone: before.isDone || (answer.isDone && before.event === null),
  };
  if (Object.keys(sought.said).length < of) return { sought, events: [], findings: [] };
  const { event } = sought;
  const chosen = best(sought);
  if (sought.isDone || event === null)
    return {
      sought: null,
      events: [],
      findings: chosen === undefined ? [] : disagreement(sought, chosen, now),
    };
  if (chosen !== undefined) {
    const lead = sought.said[0]!.name;
    return {
      sought: null,
      events: [...eventsFor(event, chosen), ...(sought.isRaised ? [takenBack(event, lead, now)] : [])],
      findings: [
        ...(sought.isHeld ? [findingOf('found', event, sought, chosen.shipmentIds, now)] : []),
        ...disagreement(sought, chosen, now),
      ],
    };
  }
  if (sought.isHeld) return { sought, events: [], findings: [] };
  const isRaised = event.category !== null && isGrave(event.category) && !isPastEvent(event);
  return {
    sought: { ...sought, isHeld: true, isRaised },
    events: isRaised ? [raisedAs(event, sought.said[0]!.name)] : [],
    findings: [findingOf('held', event, sought, [], now)],
  };
};
