import { stableId } from '../../domain/stable-id.ts';
import type { RecordedDocument } from '../recorded-document.ts';
import { inquiryRecord, lookOf } from './asking.ts';
import { startBackground } from './background.ts';
import { createCarrierTrays } from './carrier-trays.ts';
import { createCustomers } from './customers.ts';
import { dirtShares, reportsOf } from './dirt.ts';
import { EventQueue } from './event-queue.ts';
import type { Surroundings } from './journey.ts';
import { OpenShipment, type WorldAction } from './open-shipment.ts';
import { allocationRecord, orderRecord, ordersOf } from './order-records.ts';
import { planRecord } from './plan-record.ts';
import { planShipment } from './plan-shipment.ts';
import { Random } from './random.ts';
import type { Step } from './shipment.ts';
import { createOutgoing, createTray } from './trays.ts';
import { truthOf, type ShipmentTruth, type WorldCounts } from './truth.ts';
import { createWeather } from './weather.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

export interface WorldOptions {
  readonly seed: number;
  /** Simulated time of the first document, in milliseconds. */
  readonly startAt: number;
  readonly shipmentsPerDay: number;
  /** The carrier whose on-time rate collapses, and the day, from 0, on which it does; null for none. */
  readonly collapse?: { readonly scac: string; readonly day: number } | null;
  /** Keep the truth of shipments that have ended; true by default. */
  readonly keepTruth?: boolean;
}

/** A logistics world in simulated time. The same options and actions give the same documents, byte by byte. */
export interface World {
  readonly now: number;
  /** Documents with `heardAt` in (previous until; until], in order. The first call begins with `startAt` itself. */
  advance(until: number): RecordedDocument[];
  /** Lets an action take hold at `at`, or right after `now` if that has passed; returns when it does. */
  act(action: WorldAction, at: number): number;
  /** Of shipments that have ended, then of those under way. */
  truth(): IterableIterator<ShipmentTruth>;
  readonly counts: WorldCounts;
  /** Ids of documents that are spoiled on purpose, whole or in a record. */
  readonly spoiled: ReadonlySet<string>;
}

/** A digest is as many actions as it covers: it is news to the customer of each shipment in it. */
const actionsIn = ({ id, type, shipmentId, covers = [] }: WorldAction): readonly WorldAction[] =>
  covers.length === 0
    ? [{ id, type, shipmentId }]
    : covers.map((covered) => ({ id: covered.actionId, type, shipmentId: covered.shipmentId }));

/** Orders by UTC hour, about five hours ahead of the hubs: few at night, most between 09:00 and 17:00. */
const ordersByHour = [6, 5, 4, 3, 2, 1, 1, 1, 1, 1, 2, 3, 5, 7, 9, 9, 9, 9, 9, 9, 9, 8, 7, 6] as const;
const meanOrders = ordersByHour.reduce((sum, weight) => sum + weight, 0) / ordersByHour.length;

export const defaultCollapse = { scac: 'OVMQ', day: 5 } as const;

/** A small world's shipments, its carriers' luck and their reports, all in one queue of simulated time. */
export const createWorld = (options: WorldOptions): World => {
  const { seed, startAt, shipmentsPerDay, keepTruth = true } = options;
  const collapse = options.collapse === undefined ? defaultCollapse : options.collapse;
  const weather = createWeather(seed);
  const surroundings: Surroundings = {
    seed,
    weather,
    collapse: collapse === null ? null : { scac: collapse.scac, from: startAt + collapse.day * dayMs },
  };
  const queue = new EventQueue<() => void>();
  const schedule = (at: number, run: () => void): void => queue.put(at, run);
  const outgoing = createOutgoing(stableId(seed, startAt, shipmentsPerDay).slice(0, 6));
  const spoiled = new Set<string>();
  const spoil = (documentId: string): void => void spoiled.add(documentId);
  const customers = [...createCustomers(seed)];
  const trays = createCarrierTrays(outgoing, schedule, spoil);
  const recordsEvery = (everyMin: number, source: string): ((record: object, at: number) => void) =>
    createTray<object>(
      {
        source,
        contentType: 'application/x-ndjson',
        everyMin,
        write: (records) => records.map((record) => `${JSON.stringify(record)}\n`).join(''),
      },
      outgoing,
      schedule,
    );
  const plans = recordsEvery(2, 'tms');
  // Two systems that do not wait for each other: an allocation often comes before its order.
  const orders = recordsEvery(5, 'erp');
  const allocations = recordsEvery(3, 'wms');
  const inquiries = recordsEvery(1, 'service-desk');
  const open = new Map<string, OpenShipment>();
  const endedTruth: ShipmentTruth[] = [];
  let [now, tendered, ended, late, rescued, actions] = [startAt - 1, 0, 0, 0, 0, 0];

  const walk = (traveller: OpenShipment): void => {
    const step = traveller.nextStep;
    if (step === undefined) return;
    const { plot } = traveller;
    schedule(Math.max(step.at, now), () => {
      if (traveller.plot !== plot) return;
      const isLast = traveller.take(step);
      report(traveller, step);
      if (isLast) finish(traveller);
      else walk(traveller);
    });
  };

  const report = (traveller: OpenShipment, step: Step): void => {
    const { shipment, scans } = traveller;
    const carrier = shipment.legs[step.leg]?.carrier;
    const tray = carrier === undefined ? undefined : trays.get(carrier);
    if (tray === undefined) return;
    const cause = step.shows;
    for (const heard of reportsOf(shipment, step, scans, new Random(seed, 'dirt', shipment.number, scans))) {
      schedule(heard.heardAt, () => {
        tray(heard.report, heard.heardAt);
        if (cause !== null) cause.visibleAt = Math.min(cause.visibleAt ?? Infinity, heard.heardAt);
      });
    }
  };

  const finish = (traveller: OpenShipment): void => {
    open.delete(traveller.shipment.id);
    const truth = truthOf(traveller, true);
    ended += 1;
    if (truth.late) late += 1;
    if (truth.rescued) rescued += 1;
    if (keepTruth) endedTruth.push(truth);
  };

  const awaitLook = (traveller: OpenShipment): void => {
    const { shipment } = traveller;
    const look = lookOf(seed, shipment);
    schedule(look.at, () => {
      if (open.has(shipment.id) && traveller.look(look))
        inquiries(inquiryRecord(shipment, look, traveller.toldAt !== null), look.at);
    });
  };

  const tender = (at: number): void => {
    tendered += 1;
    const random = new Random(seed, 'order', tendered);
    const shipment = planShipment(tendered, at, customers, random);
    const traveller = new OpenShipment(shipment, surroundings);
    open.set(shipment.id, traveller);
    const planAt = random.chance(dirtShares.latePlan)
      ? shipment.pickupAt + Math.round(random.between(0.7, 4) * hourMs)
      : at + Math.round(random.between(0.5, 3) * minuteMs);
    schedule(planAt, () => plans(planRecord(shipment), planAt));
    for (const order of ordersOf(seed, shipment)) {
      orders(orderRecord(shipment, order), at);
      allocations(allocationRecord(shipment, order), at);
    }
    awaitLook(traveller);
    walk(traveller);
  };

  const arrivals = new Random(seed, 'arrivals');
  const awaitOrder = (at: number): void => {
    const weight = (ordersByHour[new Date(at).getUTCHours()] ?? meanOrders) / meanOrders;
    const next = Math.ceil(at + arrivals.exponential(dayMs / (shipmentsPerDay * weight)));
    schedule(next, () => {
      tender(next);
      awaitOrder(next);
    });
  };

  startBackground({ seed, startAt, weather, customers, outgoing, schedule, spoiled: spoil });
  awaitOrder(startAt);

  return {
    get now() {
      return now;
    },
    advance(until) {
      for (let next = queue.takeUntil(until); next !== undefined; next = queue.takeUntil(until)) {
        now = Math.max(now, next.at);
        next.event();
      }
      now = Math.max(now, until);
      return outgoing.take();
    },
    act(action, at) {
      const takesHoldAt = Math.max(Math.ceil(at), Math.floor(now) + 1);
      queue.put(
        takesHoldAt,
        () => {
          actions += 1;
          for (const one of actionsIn(action)) {
            const traveller = open.get(one.shipmentId);
            if (traveller?.act(one, surroundings, takesHoldAt) === true) walk(traveller);
          }
        },
        0,
      );
      return takesHoldAt;
    },
    *truth() {
      yield* endedTruth;
      for (const traveller of open.values()) yield truthOf(traveller, false);
    },
    get counts() {
      return { tendered, ended, late, rescued, actions, documents: outgoing.count };
    },
    spoiled,
  };
};
