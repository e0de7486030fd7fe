import {
  alarmAfter,
  type Candidate,
  explained,
  isToExplain,
  predictionOf,
  type Spoken,
} from '../domain/alarm.ts';
import type { Prediction } from '../domain/prediction.ts';
import { type Explanation, noExplanation } from '../domain/explanation.ts';
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
import { versionsInForce } from '../domain/models-in-force.ts';
import { isPast } from '../domain/history.ts';
import { type Moving, portAhead, remainingPorts, remainingZones, weatherAhead } from '../domain/moving.ts';
import type { PortStatus } from '../domain/port-status.ts';
import type { Rules } from '../domain/rules.ts';
import { table } from '../operators/broadcast-table.ts';
import { beside } from '../operators/beside.ts';
import { flatMap } from '../operators/flat-map.ts';
import { keyedProcess, type ProcessContext, rowsOf } from '../operators/keyed-process.ts';
import { map } from '../operators/map.ts';
import { score } from '../operators/score.ts';
import { pipeline } from '../runtime/pipeline.ts';
import type { ScorerService } from '../runtime/scorer-service.ts';
import { hazardsTable } from './hazards-table.ts';
import { rulesNow, rulesTable } from './rules-table.ts';
import {
  carrierRates,
  modelsInForce,
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
    {
      from: {
        rules: rulesInForce,
        tracking,
        plans,
        weather,
        ports,
        rates: carrierRates,
        models: modelsInForce,
      },
    },
    (from) => {
      const tables = {
        weather: hazardsTable(from.weather, 0),
        ports: table(from.ports, { key: (port) => port.port }),
        // A scope of which nothing new is told is empty by then.
        rates: table(from.rates, {
          key: (rate) => rate.key,
          until: ({ heardAt }) => heardAt + RATE_DAYS * 86_400_000,
        }),
        rules: rulesTable(from.rules),
        models: table(from.models, { key: () => MODELS }),
      };
      type Context = Pick<
        ProcessContext<unknown, typeof tables, Candidate>,
        'now' | 'matching' | 'lookup' | 'emit'
      >;
      const offer = (moving: Moving, context: Context): void => {
        if (isPast(moving)) return;
        context.emit(
          candidate(
            moving,
            context,
            rulesNow(context, rules),
            versionsInForce(context.lookup('models', MODELS), model),
          ),
        );
      };
      const candidates = keyedProcess('features', {
        inputs: {
          events: from.tracking.keyBy((event) => event.shipmentId ?? ''),
          plans: from.plans.keyBy('shipmentId'),
        },
        tables,
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
            if (moving !== null && moving.advanced && !moving.ended) offer(moving, context);
          },
          plans: (plan, context) => {
            const { state, moving } = followPlan(context.state, plan, context.now);
            context.set({ ...state, done: moving.ended });
            context.timer('forget', forgetAt(moving, context.now));
            if (!moving.ended) offer(moving, context);
          },
        },
        onTable: {
          weather: ({ trigger }, context) => {
            const { plan, progress, heardAt = context.now } = context.state;
            if (plan === null) return;
            const moving = { plan, progress, trigger, advanced: false, ended: false, heardAt, gap: null };
            offer(moving, context);
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
          versions: (row) => row.models,
        }),
        map(({ row, ...answer }) => predictionOf({ candidate: row, ...answer })),
      );

      const alarms = keyedProcess('alarm', {
        inputs: { judged },
        emits: rowsOf<Spoken>(),
        initial: { raised: false },
        on: {
          judged: (prediction, context) => {
            const { raised, signal } = alarmAfter(context.state.raised, prediction);
            context.set({ raised });
            context.timer('forget', Math.max(context.now, prediction.promisedAt) + liveForMs);
            context.emit({ prediction, signal });
          },
        },
        onTimer: (_, context) => context.drop(),
      });

      const told = alarms.through(
        beside<Spoken, Explanation>({
          name: 'explain',
          detail: 'why a model raised an alarm',
          wants: isToExplain,
          ask: async (rows, services) => {
            const scorer = services.scorer(model);
            return Promise.all(rows.map(async ({ prediction }) => explanationOf(scorer, prediction)));
          },
          atBarrier: 'waits',
        }),
        map(({ row, said }) => explained(row, said)),
      );

      const compared = told.through(
        beside<Spoken, Prediction['shadow']>({
          name: 'shadow',
          detail: 'versions that are tried out; holds up nobody',
          wants: ({ prediction }) => prediction.answered === 'model',
          ask: (rows, services) => shadowsOf(services.scorer(model), rows),
          atBarrier: 'leaves',
        }),
        map(({ row, said }) => (said === null ? row.prediction : { ...row.prediction, shadow: said })),
      );

      const raised = told.through(flatMap(({ signal }) => (signal === null ? [] : [signal])));
      return [compared.to(predictions), raised.to(signals)];
    },
  );

const MODELS = 'models';

const candidate = (
  moving: Moving,
  context: {
    readonly now: number;
    readonly matching: (table: 'weather' | 'ports') => readonly (Hazard | PortStatus)[];
    readonly lookup: (table: 'rates', key: string) => CarrierRate | undefined;
  },
  { alarms }: Rules,
  models: Candidate['models'],
): Candidate => {
  const features: FeatureContext = {
    plan: moving.plan,
    progress: moving.progress,
    now: context.now,
    weatherOnPath: weatherAhead(moving, context.matching('weather') as readonly Hazard[]),
    portAhead: portAhead(moving, context.matching('ports') as readonly PortStatus[]),
    record: carrierRecordOf((key) => context.lookup('rates', key), moving.plan),
  };
  return {
    moving,
    context: features,
    ...(alarms === undefined ? {} : { alarms }),
    ...(models === undefined ? {} : { models }),
  };
};

/** The columns of a prediction as the model saw them. */
const matrixOf = (rows: readonly Prediction[]): Float32Array => {
  const matrix = new Float32Array(rows.length * featureNames.length);
  for (const [at, { features }] of rows.entries())
    matrix.set(
      features.map((value) => value ?? NaN),
      at * featureNames.length,
    );
  return matrix;
};

const explanationOf = async (scorer: ScorerService, prediction: Prediction): Promise<Explanation> =>
  scorer.explain?.(matrixOf([prediction]), prediction.modelVersion) ??
  noExplanation(prediction.modelVersion, 'nobody was there to explain it');

/** By row, what each version in shadow would have said; undefined where there is none. */
const shadowsOf = (
  scorer: ScorerService,
  rows: readonly Spoken[],
): Promise<readonly Prediction['shadow'][]> | undefined =>
  scorer
    .shadow?.(matrixOf(rows.map(({ prediction }) => prediction)), rows.length)
    .then((versions) =>
      rows.map((_, at) =>
        versions.map(({ modelVersion, risk }) => ({ modelVersion, probability: risk[at]! })),
      ),
    );
