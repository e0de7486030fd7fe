import { alarmAfter, type Candidate, predictionOf } from '../domain/alarm.ts';
import { type CarrierRate, carrierRecordOf, RATE_DAYS } from '../domain/carrier-rate.ts';
import type { FeatureContext } from '../domain/feature.ts';
import { featureNames, ruleOfThumb, writeFeatures } from '../domain/features.ts';
import {
  type Followed,
  followEvent,
  followPlan,
  forgetAt,
  liveForMs,
  notFollowed,
} from '../domain/follow.ts';
import type { Hazard } from '../domain/hazard.ts';
import { type Moving, portAhead, remainingPorts, remainingZones, weatherAhead } from '../domain/moving.ts';
import type { PortStatus } from '../domain/port-status.ts';
import type { Rules } from '../domain/rules.ts';
import type { Signal } from '../domain/signal.ts';
import { table } from '../operators/broadcast-table.ts';
import { keyedProcess, rowsOf } from '../operators/keyed-process.ts';
import { map } from '../operators/map.ts';
import { score } from '../operators/score.ts';
import { pipeline } from '../runtime/pipeline.ts';
import { hazardsTable } from './hazards-table.ts';
import { rulesNow, rulesTable } from './rules-table.ts';
import {
  carrierRates,
  plans,
  ports,
  predictions,
  rulesInForce,
  signals,
  tracking,
  weather,
} from './topics.ts';

/**
 * The risk of each live shipment to be late, after every milestone and whenever the weather ahead of it changes:
 * the joins of `watch` and the record of carriers as features, scored by the champion model, an alarm where the risk passes its threshold: the
 * model's own, or the one that the rules in force name for this version of it.
 */
export const predict = (model: string, rules: Rules) =>
  pipeline(
    'predict',
    { from: { rules: rulesInForce, tracking, plans, weather, ports, rates: carrierRates } },
    (from) => {
      const candidates = keyedProcess('features', {
        inputs: {
          events: from.tracking.keyBy((event) => event.shipmentId ?? ''),
          plans: from.plans.keyBy('shipmentId'),
        },
        tables: {
          weather: hazardsTable(from.weather, 0),
          ports: table(from.ports, { key: (port) => port.port }),
          // A scope of which nothing new is told is empty by then.
          rates: table(from.rates, {
            key: (rate) => rate.key,
            until: ({ heardAt }) => heardAt + RATE_DAYS * 86_400_000,
          }),
          rules: rulesTable(from.rules),
        },
        interests: {
          weather: (state) =>
            state.plan === null || state.done ? [] : remainingZones({ ...state, plan: state.plan }),
          ports: (state) =>
            state.plan === null || state.done ? [] : remainingPorts({ ...state, plan: state.plan }),
        },
        emits: rowsOf<Candidate>(),
        initial: { ...notFollowed, done: false } as Followed & { readonly done: boolean },
        on: {
          events: (event, context) => {
            const { state, moving } = followEvent(context.state, event, context.now);
            context.set({ ...state, done: moving?.ended ?? false });
            context.timer(
              'forget',
              moving === null ? context.now + 30 * 86_400_000 : forgetAt(moving, context.now),
            );
            if (moving !== null && moving.advanced && !moving.ended)
              context.emit(candidate(moving, context, rulesNow(context, rules)));
          },
          plans: (plan, context) => {
            const { state, moving } = followPlan(context.state, plan, context.now);
            context.set({ ...state, done: moving.ended });
            context.timer('forget', forgetAt(moving, context.now));
            if (!moving.ended) context.emit(candidate(moving, context, rulesNow(context, rules)));
          },
        },
        onTable: {
          weather: ({ trigger }, context) => {
            const { plan, progress, heardAt = context.now } = context.state;
            if (plan === null) return;
            const moving = { plan, progress, trigger, advanced: false, ended: false, heardAt, gap: null };
            context.emit(candidate(moving, context, rulesNow(context, rules)));
          },
        },
        onTimer: (_, context) => context.drop(),
      });

      const judged = candidates.through(
        score({
          name: 'late-risk',
          model,
          columns: featureNames.length,
          features: (row, target, offset) => writeFeatures(row.context, target, offset),
          fallback: (row) => ruleOfThumb(row.context),
        }),
        map(({ row, ...answer }) => predictionOf({ candidate: row, ...answer })),
      );

      const alarms = keyedProcess('alarm', {
        inputs: { judged },
        emits: rowsOf<Signal>(),
        initial: { raised: false },
        on: {
          judged: (prediction, context) => {
            const { raised, signal } = alarmAfter(context.state.raised, prediction);
            context.set({ raised });
            context.timer('forget', Math.max(context.now, prediction.promisedAt) + liveForMs);
            if (signal !== null) context.emit(signal);
          },
        },
        onTimer: (_, context) => context.drop(),
      });

      return [judged.to(predictions), alarms.to(signals)];
    },
  );

const candidate = (
  moving: Moving,
  context: {
    readonly now: number;
    readonly matching: (table: 'weather' | 'ports') => readonly (Hazard | PortStatus)[];
    readonly lookup: (table: 'rates', key: string) => CarrierRate | undefined;
  },
  { alarms }: Rules,
): Candidate => {
  const features: FeatureContext = {
    plan: moving.plan,
    progress: moving.progress,
    now: context.now,
    weatherOnPath: weatherAhead(moving, context.matching('weather') as readonly Hazard[]),
    portAhead: portAhead(moving, context.matching('ports') as readonly PortStatus[]),
    record: carrierRecordOf((key) => context.lookup('rates', key), moving.plan),
  };
  return { moving, context: features, ...(alarms === undefined ? {} : { alarms }) };
};
