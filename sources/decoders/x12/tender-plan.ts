import { meaningOf } from '../../../domain/code-mapping.ts';
import {
  shipmentPlan,
  type PlanLeg,
  type PlanMilestone,
  type ShipmentPlan,
} from '../../../domain/shipment-plan.ts';
import { stableId } from '../../../domain/stable-id.ts';
import { firstIssue } from '../first-issue.ts';
import { readLoadTender, type LoadTender, type Stop } from './load-tender-204.ts';
import { stopWindow, type StopWindow } from './stop-window.ts';
import { saidAt, type TransactionContext } from './transaction-context.ts';
import { TransactionEvents } from './transaction-events.ts';
import { wayOfStops } from './way-of-stops.ts';

const STANDARD = 'x12-204';

/**
 * A 204 becomes the plan of its shipment: a leg between every two stops, a milestone for each departure and arrival, the end
 * of the last stop's window as the promise. A cancellation is that plan, cancelled; where it comes without its stops it is
 * an event that says so. A tender that says no time of arrival makes no plan (FW412).
 */
export const decodeLoadTender = (from: TransactionContext): void => {
  const { transaction, records, bytes, settings, partner } = from;
  const tender = readLoadTender(transaction.segments, transaction.element);
  if ('broken' in tender) {
    records.fail('decode', 'FW401', `transaction set 204: ${tender.broken}`, bytes);
    return;
  }
  const events = new TransactionEvents(from, STANDARD, tender.scac);
  const status = meaningOf(settings.mappings, {
    standard: STANDARD,
    partner: partner.partner ?? null,
    status: tender.purpose,
    reason: null,
    statusList: '353',
  }).status;
  const isCancelled = status === 'cancelled';
  if (isCancelled && tender.stops.length < 2) {
    events.say({
      name: 'B2A',
      list: '353',
      code: tender.purpose,
      reason: null,
      stamp: null,
      place: null,
      identifiers: events.identifiersOf(...tender.references),
    });
  } else {
    const made = planOf(tender, from, events, isCancelled);
    if (typeof made === 'string') events.problems.add('validate', 'FW412', made);
    else {
      const checked = shipmentPlan.safeParse(made);
      if (checked.success) records.push({ type: 'plan', value: checked.data });
      else events.problems.add('validate', 'FW402', firstIssue(checked.error, made));
    }
  }
  events.problems.flush();
};

/** The plan, or what it lacks. */
const planOf = (
  tender: LoadTender,
  from: TransactionContext,
  events: TransactionEvents,
  cancelled: boolean,
): ShipmentPlan | string => {
  const { document, records, partner, transaction } = from;
  const { stops, shipment, purpose } = tender;
  const first = stops[0];
  const last = stops.at(-1);
  if (shipment === '') return 'neither B2-04 nor a reference says which shipment is tendered';
  if (first === undefined || last === undefined || first === last)
    return `shipment ${shipment}: it has ${stops.length} of the two stops that a plan needs`;
  const windows = stops.map((stop) => stopWindow(stop, from));
  for (const unread of windows.flatMap((window) => window.unread))
    events.problems.add('validate', 'FW402', `shipment ${shipment}: "${unread}" is no date and time`);
  const end = windows.at(-1);
  const promisedAt = end?.to ?? end?.from ?? null;
  if (end === undefined || promisedAt === null)
    return `shipment ${shipment}: its last stop says no time, so nothing is promised; send G62 with 54, 70 or 68`;
  const carrier = tender.scac || partner.scac;
  if (carrier === undefined) return `shipment ${shipment}: neither B2-02 nor the source names a carrier`;
  const times = servedAt(windows, promisedAt);
  const at = saidAt(from);
  const legs: PlanLeg[] = stops.slice(1).map((stop, i) => ({
    carrier,
    mode: tender.mode,
    from: wordOf(stops[i] ?? first),
    to: wordOf(stop),
    ...wayOfStops(stops[i] ?? first, stop, tender.mode, from.settings.places),
    corridors: [],
    departAt: times[i] ?? at,
    arriveAt: times[i + 1] ?? promisedAt,
    port: null,
    cutoffAt: null,
  }));
  return {
    id: stableId('plan', shipment, at, purpose, transaction.control),
    at,
    heardAt: document.heardAt,
    source: records.provenance(from.settings.mappings.label(STANDARD, partner.partner ?? null)),
    shipmentId: shipment,
    identifiers: events.identifiersOf(...tender.references),
    customerId: tender.customer || transaction.sender?.id || document.source,
    carrier,
    service: 'standard',
    mode: tender.mode,
    lane: `${wordOf(first)} - ${wordOf(last)}`,
    legs,
    milestones: milestonesOf(legs),
    promisedAt,
    promisePrecision: end.precision,
    appointment: end.from !== null && end.to !== null ? { from: end.from, to: end.to } : null,
    valueMinor: 0,
    currency: 'USD',
    contentsClass: tender.isHazardous ? 'hazardous' : 'general',
    temperature: null,
    mergedInto: null,
    cancelled,
  };
};

/**
 * When each stop should be done with at the latest: the end of its window. A stop without one takes that of the next that
 * has: it must be done by then. [–, –, 17:00] → 17:00, 17:00, 17:00.
 */
const servedAt = (windows: readonly StopWindow[], promisedAt: number): readonly number[] => {
  let next = promisedAt;
  return windows
    .toReversed()
    .map(({ from, to }) => (next = to ?? from ?? next))
    .toReversed();
};

const milestonesOf = (legs: readonly PlanLeg[]): PlanMilestone[] => [
  { key: 'pickup', kind: 'pickup', leg: 0, plannedAt: legs[0]?.departAt ?? 0 },
  ...legs.flatMap(({ departAt, arriveAt }, leg): PlanMilestone[] => [
    { key: `depart:${leg}`, kind: 'departure', leg, plannedAt: departAt },
    { key: `arrive:${leg}`, kind: 'arrival', leg, plannedAt: arriveAt },
  ]),
  { key: 'delivery', kind: 'delivery', leg: legs.length - 1, plannedAt: legs.at(-1)?.arriveAt ?? 0 },
];

/** A stop as one word, the same in every message of a partner: UN/LOCODE, else city, region and country, else its party. */
const wordOf = ({ place, party, sequence }: Stop): string => {
  if (place !== null && place.unlocode !== null) return place.unlocode;
  const parts = [place?.city, place?.region, place?.country].filter(
    (part) => part !== null && part !== undefined,
  );
  if (parts.length > 0) return parts.join(' ').toUpperCase().slice(0, 55);
  return (party?.code || party?.name || `STOP ${sequence}`).slice(0, 55);
};
