import { tiers } from '../domain/codes.ts';
import { contractInForce } from '../domain/contract-in-force.ts';
import { judge, type Standing } from '../domain/detection/judge.ts';
import { nothingReported, reported } from '../domain/detection/reported.ts';
import { type Followed, followEvent, followPlan, forgetAt, notFollowed } from '../domain/follow.ts';
import { isPast, isPastEvent } from '../domain/history.ts';
import { type Moving, portsToLeave, remainingCorridors, remainingZones } from '../domain/moving.ts';
import type { Rules } from '../domain/rules.ts';
import type { Signal } from '../domain/signal.ts';
import type { TrackingEvent } from '../domain/tracking-event.ts';
import { keyedProcess, type ProcessContext, rowsOf } from '../operators/keyed-process.ts';
import { pipeline } from '../runtime/pipeline.ts';
import { rulesNow } from './rules-table.ts';
import * as topics from './topics.ts';
import { type Surroundings, surroundings } from './surroundings.ts';

/** A shipment under way, and what was found of it and not taken back. */
interface Watched {
  readonly moving: Moving | null;
  readonly standing: Standing;
}
type Identified = TrackingEvent & { readonly shipmentId: string };

const REMEMBERED_MS = 30 * 86_400_000;

/**
 * What has gone wrong, and what stands in the way: what carriers report by their codes, and what the detectors of
 * domain/detection find in a shipment's progress, its plan, and what is known around it. Raises, clears and withdraws
 * signals; `resolve` makes exceptions of them.
 */
export const watch = (atStart: Rules) =>
  pipeline(
    'watch',
    {
      from: {
        rules: topics.rulesInForce,
        contracts: topics.contracts,
        tracking: topics.tracking,
        plans: topics.plans,
        weather: topics.weather,
        ports: topics.ports,
        roads: topics.roads,
        updates: topics.carrierUpdates,
        feeds: topics.feeds,
        rhythms: topics.scanRhythms,
      },
    },
    (from) => {
      const events = from.tracking.keyBy((event) => event.shipmentId ?? '');
      const around = surroundings(from);

      const byCode = keyedProcess('by-code', {
        inputs: { events },
        tables: { rules: around.rules },
        emits: rowsOf<Signal>(),
        initial: nothingReported,
        on: {
          events: (event, context) => {
            if (isPastEvent(event)) return;
            const { taxonomy, detection } = rulesNow(context, atStart);
            const said = reported(context.state, event as Identified, taxonomy, detection, context.now);
            context.set(said.reported);
            context.timer('forget', context.now + REMEMBERED_MS);
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
            const { state, moving: shipment } = followEvent(context.state, event, context.now);
            context.set(state);
            if (shipment !== null) context.emit(shipment);
            const until = shipment === null ? context.now + REMEMBERED_MS : forgetAt(shipment, context.now);
            context.timer('forget', until);
          },
          plans: (plan, context) => {
            const { state, moving: shipment } = followPlan(context.state, plan, context.now);
            context.set(state);
            context.emit(shipment);
            context.timer('forget', forgetAt(shipment, context.now));
          },
        },
        onTimer: (_, context) => context.drop(),
      });

      const look = (context: Context, shipment: Moving | null): void => {
        if (shipment === null) return;
        if (isPast(shipment)) context.drop();
        else lookAt(shipment, context, atStart);
      };
      const again = (_: unknown, context: Context): void => look(context, context.state.moving);
      const found = keyedProcess('on-the-way', {
        inputs: { moving },
        tables: around,
        interests: {
          weather: whileUnderWay(remainingZones),
          ports: whileUnderWay((moving) => [...new Set(portsToLeave(moving).map(({ port }) => port))]),
          roads: whileUnderWay(remainingCorridors),
          updates: whileUnderWay(carriersOf),
          feeds: whileUnderWay(carriersOf),
        },
        emits: rowsOf<Signal>(),
        initial: { moving: null, standing: {} } as Watched,
        on: { moving: (shipment, context) => look(context, shipment) },
        onTable: { weather: again, ports: again, roads: again, updates: again, feeds: again },
        onTimer: (name, context) => (name === 'forget' ? context.drop() : again(null, context)),
      });

      return [byCode.to(topics.signals), found.to(topics.signals)];
    },
  );

type Context = ProcessContext<Watched, Surroundings, Signal>;

const whileUnderWay =
  (words: (moving: Moving) => readonly string[]) =>
  ({ moving }: Watched): readonly string[] =>
    moving === null || moving.ended ? [] : words(moving);

const carriersOf = ({ plan }: Moving): readonly string[] => [
  ...new Set([plan.carrier, ...plan.legs.map(({ carrier }) => carrier)]),
];

/** Says what has changed of what is found, and looks again when the next of it may. */
const lookAt = (moving: Moving, context: Context, atStart: Rules): void => {
  const { now } = context;
  const { standing } = context.state;
  // What matches is asked for the path as it is now.
  context.set({ moving, standing });
  const contract = contractInForce(context.find('contracts', [moving.plan.customerId]), now);
  const said = judge(standing, {
    ...moving,
    now,
    rules: rulesNow(context, atStart).detection,
    tier: contract?.tier ?? tiers[0],
    hazards: context.matching('weather'),
    ports: context.matching('ports'),
    roads: context.matching('roads'),
    updates: context.matching('updates'),
    feeds: context.matching('feeds'),
    rhythm: (key) => context.lookup('rhythms', key),
  });
  said.signals.forEach(context.emit);
  if (moving.ended) {
    context.drop();
    return;
  }
  context.set({ moving, standing: said.standing });
  context.timer('look', said.again);
  context.timer('forget', forgetAt(moving, now));
};
