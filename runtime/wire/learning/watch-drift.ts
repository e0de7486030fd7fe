import type { DriftFinding, ModelQuality } from '../../../domain/drift-finding.ts';
import { stableId } from '../../../domain/stable-id.ts';
import {
  type AlarmPolicySettings,
  type AlarmPolicyState,
  alarmPolicyStart,
  judgeFindings,
} from '../../../models/drift/alarm-policy.ts';
import { carrierFinding } from '../../../models/drift/carrier-findings.ts';
import {
  type CarrierLabel,
  CarrierWatch,
  carrierWatchDefaults,
  type CarrierWatchState,
} from '../../../models/drift/carrier-watch.ts';
import type { FamilyQuality } from '../../../models/drift/family-quality.ts';
import { observeFamily } from '../../../models/drift/family-watch.ts';
import type { Finding } from '../../../models/drift/finding.ts';
import {
  MIN_ROWS,
  type ModelObservation,
  type ModelReference,
  modelWatchStart,
  type ModelWatchState,
  observeModel,
} from '../../../models/drift/model-watch.ts';
import { type CodesOptions, codesStart, watchCodes, type WatchedCodes } from './watch-codes.ts';

/** Everything that watching remembers; plain data, written down after each look. */
export interface DriftState {
  readonly carriers: CarrierWatchState | null;
  readonly carrierPolicy: AlarmPolicyState;
  /** Ends of shipments that became known before this have been looked at. */
  readonly carriersUntil: number;
  readonly models: Readonly<Record<string, WatchedModel>>;
  /** Left out in states of before codes were watched. */
  readonly codes?: WatchedCodes;
}

interface WatchedModel {
  /** What is watched: another version has another reference, and the same budget of alarms. */
  readonly version: string;
  /** Begin of the next day to be looked at. */
  readonly day: number;
  readonly watch: ModelWatchState;
  /** Error that is usual for it; null while nothing tells, left out in states of before families were watched. */
  readonly usual?: number | null;
}

export const driftStart: DriftState = {
  carriers: null,
  carrierPolicy: alarmPolicyStart,
  carriersUntil: 0,
  models: {},
  codes: codesStart,
};

/** A day of predictions, as the tables have it. */
export interface PredictedDay {
  readonly scores: readonly number[];
  readonly labels: readonly (0 | 1 | null)[];
  readonly features: Readonly<Record<string, readonly number[]>>;
}

/** A day of what a model said that is served beside the judged one. */
export interface ServedDay {
  readonly predictions: number;
  readonly quality: FamilyQuality | null;
}

export interface WatchOptions {
  /** Champions by model: of those whose risk is judged, or could be. */
  readonly champions: Readonly<Record<string, string>>;
  /** Champions of arrivals, causes and categories. */
  readonly beside: Readonly<Record<string, string>>;
  readonly reference: (model: string, version: string) => Promise<ModelReference | null>;
  readonly day: (model: string, version: string, from: number, to: number) => Promise<PredictedDay>;
  readonly served: (model: string, version: string, from: number, to: number) => Promise<ServedDay>;
  readonly ended: (from: number, to: number) => Promise<readonly CarrierLabel[]>;
  /** Codes that nothing maps, as events that were heard in a period had them. */
  readonly unmapped: CodesOptions['unmapped'];
  /** Log time until which everything is in the tables. */
  readonly now: number;
  /** When the first prediction was made; null while there is none. */
  readonly begin: number | null;
  /** So long after its end a day is looked at: what it predicted has an end by then. */
  readonly settleMs: number;
  readonly policy: AlarmPolicySettings;
}

export interface Watched {
  readonly state: DriftState;
  readonly findings: readonly DriftFinding[];
  readonly qualities: readonly ModelQuality[];
}

const DAY_MS = 86_400_000;

/**
 * Looks at what has become known since the last look: each whole day of each champion's predictions, and each shipment that
 * has ended. The same tables give the same findings with the same ids, so a look that a crash interrupted is made again.
 */
export const watchDrift = async (before: DriftState, options: WatchOptions): Promise<Watched> => {
  const findings: DriftFinding[] = [];
  const qualities: ModelQuality[] = [];
  const models: Record<string, WatchedModel> = { ...before.models };
  for (const [model, version] of Object.entries(options.champions)) {
    let watched = await begunWith(before.models[model], model, version, options);
    while (watched !== null && watched.day + DAY_MS + options.settleMs <= options.now) {
      const { next, observation, rows } = await observeDay(watched, model, options);
      findings.push(...observation.alarms.map((alarm) => findingOf(model, alarm)));
      qualities.push(qualityOf(model, watched, observation, rows, options.settleMs));
      watched = next;
    }
    if (watched !== null) models[model] = watched;
  }
  for (const [model, version] of Object.entries(options.beside)) {
    let watched = await begunWith(before.models[model], model, version, options);
    while (watched !== null && watched.day + DAY_MS + options.settleMs <= options.now) {
      const { next, alarms, day } = await observeServed(watched, model, options);
      findings.push(...alarms.map((alarm) => findingOf(model, alarm)));
      qualities.push(qualityOfFamily(model, watched, day, options.settleMs));
      watched = next;
    }
    if (watched !== null) models[model] = watched;
  }
  const carriers = await watchCarriers(before, options);
  const codes = await watchCodes(before.codes ?? codesStart, options);
  const ofAll = [...carriers.alarms, ...codes.alarms].map((alarm) => findingOf('all', alarm));
  return {
    state: { ...carriers.state, models, codes: codes.state },
    findings: [...findings, ...ofAll],
    qualities,
  };
};

const begunWith = async (
  known: WatchedModel | undefined,
  model: string,
  version: string,
  { reference, begin, now, settleMs }: WatchOptions,
): Promise<WatchedModel | null> => {
  if (known?.version === version) return known;
  if (begin === null) return null;
  const policy = known?.watch.policy ?? alarmPolicyStart;
  const made = await reference(model, version);
  // A version that follows another is watched from today on: before, it did not answer.
  const day = known === undefined ? startOfDay(begin) : Math.max(known.day, startOfDay(now - settleMs));
  return { version, day, watch: { ...modelWatchStart, policy }, usual: made?.brier ?? null };
};

const startOfDay = (at: number): number => Math.floor(at / DAY_MS) * DAY_MS;

const observeDay = async (watched: WatchedModel, model: string, options: WatchOptions) => {
  const { version, day: from, watch } = watched;
  const to = from + DAY_MS;
  const rows = await options.day(model, version, from, to);
  const made = await options.reference(model, version);
  // Of a version without a card the first day with labels enough says what it is like.
  const brier = watched.usual ?? made?.brier ?? brierOf(rows);
  const subject = `${model}@${version}`;
  const observation = observeModel(
    { model: subject, brier: brier ?? 1, features: made?.features ?? {} },
    watch,
    { from, to, closedAt: to + options.settleMs, ...rows },
    options.policy,
  );
  return { next: { version, day: to, watch: observation.state, usual: brier }, observation, rows };
};

const observeServed = async (watched: WatchedModel, model: string, options: WatchOptions) => {
  const { version, day: from, watch } = watched;
  const to = from + DAY_MS;
  const day = await options.served(model, version, from, to);
  const block = { from, closedAt: to + options.settleMs, quality: day.quality };
  const known = watched.usual ?? null;
  const { state, alarms, usual } = observeFamily(`${model}@${version}`, watch, block, known, options.policy);
  return { next: { version, day: to, watch: state, usual }, alarms, day };
};

const brierOf = ({ scores, labels }: PredictedDay): number | null => {
  const errors = scores.flatMap((score, row) => {
    const label = labels[row] ?? null;
    return label === null ? [] : [(score - label) ** 2];
  });
  return errors.length < MIN_ROWS ? null : errors.reduce((sum, error) => sum + error, 0) / errors.length;
};

const watchCarriers = async (before: DriftState, { ended, now, policy }: WatchOptions) => {
  const watch = new CarrierWatch(carrierWatchDefaults, before.carriers ?? undefined);
  const shifts = (await ended(before.carriersUntil, now)).flatMap((label) => watch.observe(label));
  const { state: carrierPolicy, alarms } = judgeFindings(
    before.carrierPolicy,
    shifts.map(carrierFinding),
    policy,
  );
  return {
    state: { carriers: watch.state(), carrierPolicy, carriersUntil: now },
    alarms,
  };
};

const findingOf = (model: string, { at, ...finding }: Finding): DriftFinding => ({
  ...finding,
  id: stableId('drift', model, finding.kind, finding.subject, at),
  at,
  heardAt: at,
  model,
  numbers: Object.fromEntries(Object.entries(finding.numbers).filter(([, value]) => Number.isFinite(value))),
});

const qualityOf = (
  model: string,
  { version, day }: WatchedModel,
  { realised, estimated }: ModelObservation,
  { scores, labels }: PredictedDay,
  settleMs: number,
): ModelQuality => ({
  id: stableId('model-quality', model, version, day),
  at: day,
  heardAt: day + DAY_MS + settleMs,
  model,
  modelVersion: `${model}@${version}`,
  predictions: scores.length,
  rows: labels.filter((label) => label !== null).length,
  rate: finite(realised?.rate),
  auc: finite(realised?.auc),
  brier: finite(realised?.brier),
  logLoss: finite(realised?.logLoss),
  estimatedAuc: finite(estimated?.auc),
  estimatedBrier: finite(estimated?.brier),
  measure: 'the Brier score',
  error: finite(realised?.brier),
  calibration: finite(realised?.calibrationError),
  coverage: null,
});

const qualityOfFamily = (
  model: string,
  { version, day }: WatchedModel,
  { predictions, quality }: ServedDay,
  settleMs: number,
): ModelQuality => {
  const realised = quality === null || quality.rows < MIN_ROWS ? null : quality.realised;
  return {
    id: stableId('model-quality', model, version, day),
    at: day,
    heardAt: day + DAY_MS + settleMs,
    model,
    modelVersion: `${model}@${version}`,
    predictions,
    rows: quality?.rows ?? 0,
    rate: finite(realised?.rate),
    auc: finite(realised?.auc),
    brier: finite(realised?.brier),
    logLoss: finite(realised?.logLoss),
    estimatedAuc: null,
    estimatedBrier: null,
    measure: quality?.measure ?? '',
    error: finite(quality?.error),
    calibration: finite(quality?.calibration),
    coverage: finite(quality?.coverage ?? undefined),
  };
};

const finite = (value: number | undefined): number | null =>
  value === undefined || !Number.isFinite(value) ? null : value;
