import { readFile } from 'node:fs/promises';
import type { ClickHouseClient } from '@clickhouse/client';
import { latestRetrainings, type Retraining } from '../../../domain/retraining.ts';
import type { ScoringTime, TimesOfSize } from '../../../domain/scoring-time.ts';
import { stableId } from '../../../domain/stable-id.ts';
import { categoryOf } from '../../../domain/models-in-force.ts';
import { alarmPolicyDefaults } from '../../../models/drift/alarm-policy.ts';
import { errorShiftDefaults } from '../../../models/drift/error-shift.ts';
import { wantedOf } from '../../../models/families/families-of.ts';
import { familyOf } from '../../../models/families/family.ts';
import { latencyRatio } from '../../../models/promotion/latency-ratio.ts';
import { isRuleVersion } from '../../../models/signature.ts';
import { LEAST_SHIPMENTS } from '../../../models/training/train-category.ts';
import { seededRandom } from '../../../models/training/seeded-random.ts';
import { driftFindings, modelQualities, retrainings, scoringTimes } from '../../../pipelines/topics.ts';
import type { Matured } from '../../../models/promotion/matured-pair.ts';
import { pairedRows, seenInHistory } from '../../../sinks/clickhouse/learning-rows.ts';
import type { Config } from '../../config/config.ts';
import { replaceFile } from '../../durable-file.ts';
import { durationMs } from '../../duration.ts';
import type { LineLog } from '../../log/log.ts';
import { appendRow, rowsOf } from '../../log/topic-rows.ts';
import type { ModelsControl } from '../models-in-force.ts';
import { repeatedly } from '../repeatedly.ts';
import { firstRequestsOf, followUpsOf, requestsOf } from './ask-for-retraining.ts';
import { loggedPairs } from './compare-logged.ts';
import { type DriftTables, driftTables, firstPrediction } from './drift-tables.ts';
import { lookAtModels, type PairsWanted } from './look-at-models.ts';
import { ripeness, rowsKnownAt, trainAnew } from './train-anew.ts';
import { driftStart, type DriftState, watchDrift } from './watch-drift.ts';

export interface LearningParts {
  readonly log: Pick<LineLog, 'append' | 'partitionsOf' | 'read' | 'begin' | 'end' | 'closedUntil'>;
  readonly control: ModelsControl;
  readonly client: ClickHouseClient;
  /** Where watching keeps what it remembers. */
  readonly file: string;
  readonly settings: Config['models'];
  /** True when everything heard until then has been decided on. */
  readonly decided: (at: number) => boolean;
  /** Resolves when everything that is durable in the log is in its table. */
  readonly tablesFilled: () => Promise<void>;
  /** How long versions took to score since the last call. */
  readonly takeTimes: () => readonly TimesOfSize[];
  /** Categories that may be predicted, by the rules in force. */
  readonly predictable: () => readonly string[];
  readonly note: (line: string) => void;
  /** How often log time is looked at, on the wall clock. */
  readonly everyMs?: number;
}

/** Of log time, between two looks. */
const LOOK_EVERY_MS = 3_600_000;
/** Versions that are compared by scoring logged rows again, and families that there might be, are looked at less often. */
const DAY_MS = 86_400_000;

/**
 * Watches models and carriers, asks for training where something has moved for good, trains, tries the new version, and
 * promotes it or lets it go: every family, all of it from the tables, at log time, with nobody's hand in it. What is found
 * and decided goes to topics under ids of its own, so that a look that was interrupted is made again and tells nothing
 * twice.
 */
export const startLearning = (parts: LearningParts): { readonly stop: () => Promise<void> } => {
  const { log, settings, decided, tablesFilled, note, everyMs = 5_000 } = parts;
  const tables = driftTables(parts.client, parts.control.registry);
  const ending = new AbortController();
  const comparedAt = new Map<string, number>();
  const isRipe = ripeness(durationMs(settings.retrain.coolDown));
  let lookedAt = -Infinity;
  const round = async (): Promise<void> => {
    const now = log.closedUntil;
    if (now - lookedAt < LOOK_EVERY_MS || !decided(now)) return;
    await tablesFilled();
    await writeTimes(now, parts);
    await lookAtDrift(now, parts, tables);
    const rows = once(() => rowsKnownAt(now, parts));
    await lookAtModels({
      control: parts.control,
      rule: settings.promotion,
      isDue: (model) => {
        if (familyOf(model).kind === 'late') return true;
        const isDue = now - (comparedAt.get(model) ?? -Infinity) >= DAY_MS;
        if (isDue) comparedAt.set(model, now);
        return isDue;
      },
      pairs: (wanted) => maturedPairs(wanted, parts),
      retrainings: () => knownRetrainings(log),
      record: (row) => appendRow(log, retrainings, row, `${row.id}:${row.version}`),
      isRipe: (retraining) => isRipe(retraining, now, rows),
      train: async (retraining) => trainAnew(retraining, await rows(), parts.control, ending.signal),
      now: () => now,
      seeded: seededRandom,
      note,
      signal: ending.signal,
    });
    lookedAt = now;
  };
  const rounds = repeatedly({
    work: round,
    everyMs,
    onError: (error) => {
      if (!ending.signal.aborted) note(`learning: ${String(error)}`);
    },
  });
  return {
    stop: async () => {
      ending.abort();
      await rounds.stop();
    },
  };
};

const once = <T>(make: () => Promise<T>): (() => Promise<T>) => {
  let made: Promise<T> | undefined;
  return () => (made ??= make());
};

const lookAtDrift = async (now: number, parts: LearningParts, tables: DriftTables): Promise<void> => {
  const { log, control, client, file, settings } = parts;
  const before = await readState(file);
  const models = Object.entries(control.inForce()).flatMap(([model, { champion }]) =>
    champion === null ? [] : [{ model, champion }],
  );
  const { retrain, watch } = settings;
  const coolDownMs = durationMs(retrain.coolDown);
  const begin = await firstPrediction(client);
  const watched = await watchDrift(before, {
    ...tables,
    champions: championsOf(models, (model) => familyOf(model).kind === 'late'),
    beside: championsOf(models, (model) => familyOf(model).kind !== 'late'),
    now,
    begin,
    settleMs: durationMs(watch.settle),
    policy: {
      ...alarmPolicyDefaults,
      retrainCoolDownMs: coolDownMs,
      retrainPerYear: retrain.budgetPerYear,
    },
  });
  for (const row of watched.qualities) await appendRow(log, modelQualities, row, row.id);
  for (const row of watched.findings) await appendRow(log, driftFindings, row, row.id);
  const known = await knownRetrainings(log);
  const asking = { ...retrain, coolDownMs };
  const requests = models.flatMap(({ model, champion }) => {
    const asked = requestsOf(
      watched.findings,
      known,
      model,
      asking,
      heededBy(model, watched.state, settings),
    );
    return asked.length > 0 ? asked : followUpsOf(known, champion, model, now, asking);
  });
  const isNewDay = Math.floor(now / DAY_MS) > Math.floor(before.carriersUntil / DAY_MS);
  const first = isNewDay ? firstRequestsOf(await missingFamilies(now, parts), known, now, asking) : [];
  for (const row of [...requests, ...first])
    await appendRow(log, retrainings, row, `${row.id}:${row.version}`);
  await replaceFile(file, JSON.stringify(watched.state));
};

interface InForce {
  readonly model: string;
  readonly champion: string;
}

const championsOf = (
  models: readonly InForce[],
  isOne: (model: string) => boolean,
): Readonly<Record<string, string>> =>
  Object.fromEntries(models.flatMap(({ model, champion }) => (isOne(model) ? [[model, champion]] : [])));

/**
 * Each model heeds what is found in its own error. One of which too few days are known to tell any error lives in the world of
 * the judged one, and follows it.
 */
const heededBy = (
  model: string,
  { models }: DriftState,
  { lateDelivery }: Config['models'],
): readonly string[] => {
  const isBlind = (models[model]?.watch.shift.blocks.length ?? 0) < errorShiftDefaults.warmUp;
  return familyOf(model).kind !== 'late' && isBlind ? [model, lateDelivery] : [model];
};

/**
 * Families without a champion or challenger of which history, as far as training looks back, knows enough; and those that have
 * but a rule, once it knows enough for a model.
 */
const missingFamilies = async (
  now: number,
  { client, control, settings, predictable }: LearningParts,
): Promise<readonly string[]> => {
  const from = now - durationMs(settings.retrain.learnFrom);
  const { shipments, byCategory } = await seenInHistory(client, { from, to: now });
  if (shipments < settings.promotion.minShipments) return [];
  const inForce = control.inForce();
  return wantedOf(settings.lateDelivery, predictable(), byCategory).filter((model) => {
    const { champion = null, challenger = null } = inForce[model] ?? {};
    if (challenger !== null) return false;
    if (champion === null) return true;
    return isRuleVersion(champion) && (byCategory[categoryOf(model) ?? ''] ?? 0) >= LEAST_SHIPMENTS;
  });
};

/**
 * Versions of a model of lateness were scored beside each other as it happened; those of another family score the logged
 * features again.
 */
const maturedPairs = async (
  { model, incumbent, candidate, since }: PairsWanted,
  { client, control, log }: LearningParts,
): Promise<Matured> => {
  if (familyOf(model).kind !== 'late')
    return loggedPairs({ client, registry: control.registry, model, incumbent, candidate }, since);
  const [old, young] = [`${model}@${incumbent}`, `${model}@${candidate}`];
  const times: ScoringTime[] = [];
  for await (const time of rowsOf(log, scoringTimes)) if (time.at >= since) times.push(time);
  const beside = Object.entries(control.inForce()).flatMap(([other, { champion }]) =>
    other === model || champion === null ? [] : [`${other}@${champion}`],
  );
  return {
    pairs: await pairedRows(client, old, young, since),
    offBy: null,
    latencyRatio: latencyRatio(times, old, young, beside),
  };
};

/** What the threads measured becomes a record while a decision will rest on it: while two versions of some model score. */
const writeTimes = async (now: number, { log, control, takeTimes }: LearningParts): Promise<void> => {
  const inForce = Object.entries(control.inForce()).map(([model, { champion, challenger, shadow }]) =>
    [champion, challenger, shadow].flatMap((version) => (version === null ? [] : [`${model}@${version}`])),
  );
  const times = takeTimes();
  if (inForce.every((versions) => versions.length < 2)) return;
  const scoring = new Set(inForce.flat());
  for (const time of times) {
    if (!scoring.has(time.modelVersion)) continue;
    const id = stableId('scoring-time', time.modelVersion, time.rowsAtMost, now);
    await appendRow(log, scoringTimes, { ...time, id, at: now, heardAt: now }, id);
  }
};

const readState = async (file: string): Promise<DriftState> => {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
  return text === null ? driftStart : (JSON.parse(text) as DriftState);
};

const knownRetrainings = async (log: LearningParts['log']): Promise<readonly Retraining[]> => {
  const rows: Retraining[] = [];
  for await (const row of rowsOf(log, retrainings)) rows.push(row);
  return latestRetrainings(rows);
};
