import { type Standing, hazards } from '../domain/detection/hazards.ts';
import { signalOf } from '../domain/detection/raise.ts';
import { type Reported, reported } from '../domain/detection/reported.ts';
import { deliveryDueBy, nextScanBy } from '../domain/detection/silence.ts';
import type { Hazard } from '../domain/hazard.ts';
import { type Followed, followEvent, followPlan, forgetAt, notFollowed } from '../domain/follow.ts';
import { type Moving, remainingPorts, remainingZones } from '../domain/moving.ts';
import { expectedArrival } from '../domain/progress.ts';
import type { PortStatus } from '../domain/port-status.ts';
import type { Rules } from '../domain/rules.ts';
import type { Signal } from '../domain/signal.ts';
import type { TrackingEvent } from '../domain/tracking-event.ts';
import { absence, type Absence } from '../operators/absence.ts';
import { table } from '../operators/broadcast-table.ts';
import { keyedProcess, rowsOf } from '../operators/keyed-process.ts';
import { map } from '../operators/map.ts';
import { pipeline } from '../runtime/pipeline.ts';
import { hazardsTable } from './hazards-table.ts';
import { rulesNow, rulesTable } from './rules-table.ts';
import { plans, ports, rulesInForce, signals, tracking, weather } from './topics.ts';

const HOUR_MS = 3_600_000;

interface Threatened {
  readonly moving: Moving | null;
  readonly standing: Standing;
}
type Identified = TrackingEvent & { readonly shipmentId: string };

/**
 * What has gone wrong, and what stands in the way: reason codes, silence, missed promises, weather and ports on the
 * remaining path. Raises and clears signals; `resolve` makes exceptions of them.
 */
export const watch = (rules: Rules) =>
  pipeline('watch', { from: { rules: rulesInForce, tracking, plans, weather, ports } }, (from) => {
    const events = from.tracking.keyBy((event) => event.shipmentId ?? '');

    const byCode = keyedProcess('reported', {
      inputs: { events },
      tables: { rules: rulesTable(from.rules) },
      emits: rowsOf<Signal>(),
      initial: {} as Reported,
      on: {
        events: (event, context) => {
          const { taxonomy } = rulesNow(context, rules);
          const said = reported(context.state, event as Identified, taxonomy, context.now);
          context.set(said.reported);
          context.timer('forget', context.now + 30 * 86_400_000);
          said.signals.forEach(context.emit);
        },
      },
      onTimer: (_, context) => context.drop(),
    });

    const moving = keyedProcess('shipment', {
      inputs: { events, plans: from.plans.keyBy('shipmentId') },
      emits: rowsOf<Moving>(),
      initial: notFollowed as Followed,
      on: {
        events: (event, context) => {
          const { state, moving: shipment } = followEvent(context.state, event);
          context.set(state);
          if (shipment !== null) context.emit(shipment);
          context.timer(
            'forget',
            shipment === null ? context.now + 30 * 86_400_000 : forgetAt(shipment, context.now),
          );
        },
        plans: (plan, context) => {
          const { state, moving: shipment } = followPlan(context.state, plan);
          context.set(state);
          context.emit(shipment);
          context.timer('forget', forgetAt(shipment, context.now));
        },
      },
      onTimer: (_, context) => context.drop(),
    });

    const silent = absence(moving, { name: 'missing-scan', expectedBy: nextScanBy });
    const overdue = absence(moving, { name: 'missed-promise', expectedBy: deliveryDueBy });

    const onPath = keyedProcess('hazards-on-path', {
      inputs: { moving },
      tables: {
        weather: hazardsTable(from.weather, 6 * HOUR_MS),
        ports: table(from.ports, { key: (port) => port.port }),
      },
      interests: {
        weather: ({ moving: shipment }) =>
          shipment === null || shipment.ended ? [] : remainingZones(shipment),
        ports: ({ moving: shipment }) =>
          shipment === null || shipment.ended ? [] : remainingPorts(shipment),
      },
      emits: rowsOf<Signal>(),
      initial: { moving: null, standing: {} } as Threatened,
      on: {
        moving: (shipment, context) => {
          judge(context, shipment);
          if (shipment.ended) context.drop();
          else context.timer('forget', forgetAt(shipment, context.now));
        },
      },
      onTable: {
        weather: (_, context) => judge(context, context.state.moving),
        ports: (_, context) => judge(context, context.state.moving),
      },
      onTimer: (name, context) => (name === 'forget' ? context.drop() : judge(context, context.state.moving)),
    });

    return [
      byCode.to(signals),
      silent.through(map(scanMissing)).to(signals),
      overdue.through(map(promiseMissed)).to(signals),
      onPath.to(signals),
    ];
  });

/** Says what changed among the hazards on a shipment's path, and looks again when the next of them ends. */
const judge = (
  context: {
    readonly state: Threatened;
    readonly now: number;
    readonly set: (state: Threatened) => void;
    readonly emit: (signal: Signal) => void;
    readonly timer: (name: string, at: number | null) => void;
    readonly matching: (table: 'weather' | 'ports') => readonly (Hazard | PortStatus)[];
  },
  moving: Moving | null,
): void => {
  if (moving === null) return;
  const { now } = context;
  const { standing } = context.state;
  // What matches is asked for the path as it is now.
  context.set({ moving, standing });
  const weather = context.matching('weather') as readonly Hazard[];
  const said = hazards(standing, moving, weather, context.matching('ports') as readonly PortStatus[], now);
  context.set({ moving, standing: said.standing });
  said.signals.forEach(context.emit);
  const ends = weather
    .flatMap(({ messages }) => Object.values(messages))
    .map(({ endsAt }) => endsAt)
    .filter((end) => end > now);
  context.timer('ends', ends.length === 0 ? null : Math.min(...ends));
};

const scanMissing = ({ state, row: { plan, progress }, expectedBy, noticedAt }: Absence<Moving>): Signal =>
  signalOf(state === 'missing' ? 'raised' : 'cleared', {
    shipmentId: plan.shipmentId,
    category: 'visibility_lost',
    kind: 'detected',
    at: expectedBy,
    heardAt: noticedAt,
    topic: 'missing-scan',
    cause: 'data',
    effect: 'unknown',
    party: 'carrier',
    evidence: { events: progress.trail.slice(-1).map((heard) => heard.id) },
    expectedAt: expectedArrival(plan, progress, noticedAt),
  });

const promiseMissed = ({ state, row: { plan, progress }, noticedAt }: Absence<Moving>): Signal =>
  signalOf(state === 'missing' ? 'raised' : 'cleared', {
    shipmentId: plan.shipmentId,
    category: 'delay',
    kind: 'detected',
    at: plan.promisedAt,
    heardAt: noticedAt,
    topic: 'promise',
    cause: 'unmapped',
    effect: 'delay',
    party: 'unknown',
    evidence: { events: progress.trail.slice(-1).map((heard) => heard.id) },
    expectedAt: expectedArrival(plan, progress, noticedAt),
  });
