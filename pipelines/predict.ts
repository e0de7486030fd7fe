import { alarmAfter, type Candidate, predictionOf } from '../domain/alarm.ts';
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
import { type Moving, portAhead, remainingPorts, remainingZones, weatherAhead } from '../domain/moving.ts';
import type { PortStatus } from '../domain/port-status.ts';
import type { Signal } from '../domain/signal.ts';
import type { WeatherAlert } from '../domain/weather-alert.ts';
import { table } from '../operators/broadcast-table.ts';
import { keyedProcess, rowsOf } from '../operators/keyed-process.ts';
import { map } from '../operators/map.ts';
import { score } from '../operators/score.ts';
import { pipeline } from '../runtime/pipeline.ts';
import { plans, ports, predictions, signals, tracking, weather } from './topics.ts';

/**
 * The risk of each live shipment to be late, after every milestone and whenever the weather ahead of it changes:
 * the joins of `watch` as features, scored by the champion model, an alarm where the risk passes its threshold.
 */
export const predict = (model: string) =>
  pipeline('predict', { from: { tracking, plans, weather, ports } }, (from) => {
    const candidates = keyedProcess('features', {
      inputs: {
        events: from.tracking.keyBy((event) => event.shipmentId ?? ''),
        plans: from.plans.keyBy('shipmentId'),
      },
      tables: {
        weather: table(from.weather, {
          key: (alert) => alert.hazardId,
          matches: (alert) => alert.zones,
          until: (alert) => alert.endsAt,
        }),
        ports: table(from.ports, { key: (port) => port.port }),
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
          if (moving !== null && moving.advanced && !moving.ended) context.emit(candidate(moving, context));
        },
        plans: (plan, context) => {
          const { state, moving } = followPlan(context.state, plan, context.now);
          context.set({ ...state, done: moving.ended });
          context.timer('forget', forgetAt(moving, context.now));
          if (!moving.ended) context.emit(candidate(moving, context));
        },
      },
      onTable: {
        weather: (alert, context) => {
          const { plan, progress, heardAt = context.now } = context.state;
          if (plan === null) return;
          const trigger = alert.id;
          context.emit(
            candidate(
              { plan, progress, trigger, advanced: false, ended: false, heardAt, gap: null },
              context,
            ),
          );
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
  });

const candidate = (
  moving: Moving,
  context: {
    readonly now: number;
    readonly matching: (table: 'weather' | 'ports') => readonly (WeatherAlert | PortStatus)[];
  },
): Candidate => {
  const features: FeatureContext = {
    plan: moving.plan,
    progress: moving.progress,
    now: context.now,
    weatherOnPath: weatherAhead(moving, context.matching('weather') as readonly WeatherAlert[]),
    portAhead: portAhead(moving, context.matching('ports') as readonly PortStatus[]),
    carrierOnTime: NaN,
  };
  return { moving, context: features };
};
