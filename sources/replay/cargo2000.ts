import { readFile } from 'node:fs/promises';
import type { z } from 'zod';
import type { Status } from '../../domain/codes.ts';
import type { PlanMilestone, shipmentPlan } from '../../domain/shipment-plan.ts';
import type { trackingEvent } from '../../domain/tracking-event.ts';
import type { RecordedDocument } from '../recorded-document.ts';
import { type Cargo2000Leg, type Cargo2000Row, type Cargo2000Step, parseCargo2000 } from './cargo2000-row.ts';

type PlanRecord = { readonly type: 'plan' } & Omit<z.input<typeof shipmentPlan>, 'heardAt' | 'source'>;
type TrackingRecord = { readonly type: 'tracking'; readonly at: number } & Omit<
  z.input<typeof trackingEvent>,
  'heardAt' | 'source' | 'at'
>;

export interface Cargo2000Options {
  /** When the first row of the file begins; the data has no calendar. */
  readonly startAt?: number;
  /** From the beginning of one row to that of the next. */
  readonly intervalMs?: number;
  /** Rows `[from; to)` of the file, from 0; all of them by default. Times do not depend on it. */
  readonly from?: number;
  readonly to?: number;
}

export interface Cargo2000Shipment {
  readonly plan: PlanRecord;
  readonly events: readonly TrackingRecord[];
}

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

/**
 * The shipments of Cargo 2000 as plan and events. Row n begins at `startAt` + n · `intervalMs`, an hour by
 * default: the file's order is that of time and its 3,942 rows are about five months. Inbound legs begin
 * together; the outbound one begins when the last inbound is delivered at the hub, in plan and in fact.
 * Planned times are cumulative planned minutes, and the promise is the planned end.
 * Inbound plan 3,600 and 4,200, outbound 7,000 → promised 11,200 minutes after the row's beginning.
 */
export const readCargo2000 = async (
  path: string,
  options: Cargo2000Options = {},
): Promise<Cargo2000Shipment[]> => {
  const { startAt = Date.UTC(2024, 0, 1), intervalMs = hourMs, from = 0, to = Infinity } = options;
  return parseCargo2000(await readFile(path, 'utf8'))
    .slice(from, to)
    .map((row) => shipmentOf(row, startAt + (row.number - 1) * intervalMs));
};

/** The same as one document a record, in the order in which they would have been heard. */
export async function* cargo2000Documents(
  path: string,
  options: Cargo2000Options = {},
): AsyncGenerator<RecordedDocument> {
  const records = (await readCargo2000(path, options)).flatMap(({ plan, events }) => [plan, ...events]);
  // The sort is stable, so a plan stays before an event of the same moment.
  records.sort((left, right) => Number(left.at) - Number(right.at));
  for (const record of records) {
    yield {
      heardAt: Number(record.at),
      source: 'cargo2000',
      contentType: 'application/x-ndjson',
      documentId: record.id,
      text: `${JSON.stringify(record)}\n`,
    };
  }
}

const shipmentOf = (row: Cargo2000Row, startAt: number): Cargo2000Shipment => {
  const shipmentId = `C2K-${String(row.number).padStart(5, '0')}`;
  const planned = timesOf(row, startAt, ({ plannedMin }) => plannedMin);
  const effective = timesOf(row, startAt, ({ effectiveMin }) => effectiveMin);
  const steps = row.legs.flatMap((leg, index) => leg.steps.map((step) => ({ leg, index, step })));
  const milestones = steps.map(({ leg, index, step }): PlanMilestone => {
    const key = `${leg.name}:${step.name}`;
    return { key, kind: kindOf(leg, step), leg: index, plannedAt: planned.get(key) ?? startAt };
  });
  const common = {
    shipmentId,
    identifiers: [{ issuer: 'C2K', kind: 'tms' as const, value: shipmentId }],
    carrier: 'C2K',
  };
  const first = row.legs[0];
  const last = row.legs.at(-1);
  return {
    plan: {
      type: 'plan',
      id: `cargo2000:${row.number}:plan`,
      at: startAt,
      ...common,
      customerId: 'C2K',
      service: 'air-freight',
      mode: 'air',
      lane: `${last?.from ?? first?.from}-${last?.to ?? first?.to}`,
      legs: row.legs.map((leg) => ({
        carrier: 'C2K',
        mode: 'air',
        from: leg.from,
        to: leg.to,
        departAt: planned.get(`${leg.name}:dep:1`) ?? startAt,
        arriveAt: planned.get(`${leg.name}:dlv`) ?? startAt,
      })),
      milestones,
      promisedAt: milestones.at(-1)?.plannedAt ?? startAt,
    },
    events: steps
      .filter(({ step }) => step.effectiveMin > 0)
      .map(({ leg, index, step }) => {
        const key = `${leg.name}:${step.name}`;
        return {
          type: 'tracking' as const,
          id: `cargo2000:${row.number}:${key}`,
          at: effective.get(key) ?? startAt,
          ...common,
          status: statusOf(leg, step),
          code: { standard: 'cargo2000', status: step.code },
          leg: index,
          milestone: key,
        };
      })
      .sort((left, right) => left.at - right.at),
  };
};

/** When each step happens, if each takes `minutesOf` it. */
const timesOf = (
  { legs }: Cargo2000Row,
  startAt: number,
  minutesOf: (step: Cargo2000Step) => number,
): Map<string, number> => {
  const times = new Map<string, number>();
  let hubAt = startAt;
  for (const leg of legs) {
    let at = leg.name === 'o' ? hubAt : startAt;
    for (const step of leg.steps) {
      at += minutesOf(step) * minuteMs;
      times.set(`${leg.name}:${step.name}`, at);
    }
    hubAt = Math.max(hubAt, at);
  }
  return times;
};

const kindOf = (leg: Cargo2000Leg, { code }: Cargo2000Step): PlanMilestone['kind'] => {
  switch (code) {
    case 'RCS':
      return 'pickup';
    case 'DEP':
      return 'departure';
    case 'RCF':
      return 'arrival';
    case 'DLV':
      return leg.name === 'o' ? 'delivery' : 'hub_delivery';
  }
};

/** A delivery at the hub is an arrival: the shipment goes on. */
const statusOf = (leg: Cargo2000Leg, { code }: Cargo2000Step): Status => {
  switch (code) {
    case 'RCS':
      return leg.name === 'o' ? 'in_transit' : 'picked_up';
    case 'DEP':
      return 'departed';
    case 'RCF':
      return 'arrived';
    case 'DLV':
      return leg.name === 'o' ? 'delivered' : 'arrived';
  }
};
