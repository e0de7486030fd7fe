import type { ShipmentPlan } from '../domain/shipment-plan.ts';
import type { TrackingEvent } from '../domain/tracking-event.ts';
import type { RecordedDocument } from '../sources/recorded-document.ts';
import { type FedRecord, recordOf } from './feed-history.ts';

const HOUR_MS = 3_600_000;
const STATUSES = ['delivered', 'returned', 'held'] as const;

/** What a run knew of the shipments, from which lies about them can be made. */
export interface KnownWorld {
  readonly plans: readonly ShipmentPlan[];
  readonly tracking: readonly TrackingEvent[];
}

/**
 * Another future: nothing of what was really heard after `at`, and in its place, a minute later, what should hurt most who
 * looks ahead. Every shipment that was planned by then ends at another time before `at`, each third one as delivered,
 * returned or held; its deliveries and its latest events of before are taken back; its promise is another. All of it
 * carries times of before `at`, so only log time tells that nobody can have known.
 */
export const poisonedAfter = (
  records: readonly FedRecord[],
  { plans, tracking }: KnownWorld,
  at: number,
): readonly FedRecord[] => {
  const kept = records.filter(({ heardAt }) => heardAt <= at);
  const planned = new Map(
    plans.filter(({ heardAt }) => heardAt <= at).map((plan) => [plan.shipmentId, plan]),
  );
  const latest = new Map<string, TrackingEvent>();
  for (const event of tracking)
    if (event.heardAt <= at && event.shipmentId !== null) latest.set(event.shipmentId, event);
  const lies = [...planned.values()].flatMap((plan, index) =>
    liesAbout(plan, latest.get(plan.shipmentId), index, at),
  );
  const poison = lies.map((lie, index): RecordedDocument => ({
    heardAt: at + 60_000 + index,
    source: 'poison',
    contentType: 'application/x-ndjson',
    documentId: `poison-${at}-${index}`,
    text: JSON.stringify(lie),
  }));
  return [...kept, ...poison.map(recordOf)];
};

const liesAbout = (
  plan: ShipmentPlan,
  latest: TrackingEvent | undefined,
  index: number,
  at: number,
): readonly object[] => {
  const { shipmentId, identifiers } = plan;
  const { id: _id, heardAt: _heardAt, source: _source, ...promise } = plan;
  const event = { type: 'tracking', shipmentId, identifiers, carrier: plan.carrier };
  return [
    ...(latest === undefined
      ? []
      : [
          {
            ...event,
            id: `poison-back-${latest.id}`,
            at: latest.at,
            status: latest.status,
            retracts: latest.id,
          },
        ]),
    {
      ...event,
      id: `poison-end-${shipmentId}`,
      at: at - (1 + (index % 30)) * HOUR_MS,
      status: STATUSES[index % STATUSES.length],
      milestone: plan.milestones.at(-1)?.key ?? null,
    },
    {
      type: 'plan',
      ...promise,
      id: `poison-plan-${shipmentId}`,
      at: plan.at + 1,
      promisedAt: plan.promisedAt - 20 * HOUR_MS,
    },
  ];
};
