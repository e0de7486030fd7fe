import { readFile } from 'node:fs/promises';
import type { ClickHouseClient } from '@clickhouse/client';
import { latestRetrainings, type Retraining } from '../../../domain/retraining.ts';
import { alarmPolicyDefaults } from '../../../models/drift/alarm-policy.ts';
import { rowsToLearnFrom } from '../../../models/training/rows-to-learn-from.ts';
import { seededRandom } from '../../../models/training/seeded-random.ts';
import { driftFindings, modelQualities, retrainings } from '../../../pipelines/topics.ts';
import { pairedRows } from '../../../sinks/clickhouse/learning-rows.ts';
import { trainingRowsOf } from '../../../sinks/clickhouse/training-rows.ts';
import type { Config } from '../../config/config.ts';
import { replaceFile } from '../../durable-file.ts';
import { durationMs } from '../../duration.ts';
import type { LineLog } from '../../log/log.ts';
import { appendRow, rowsOf } from '../../log/topic-rows.ts';
import type { ModelsControl } from '../models-in-force.ts';
import { repeatedly } from '../repeatedly.ts';
import { followUpsOf, requestsOf } from './ask-for-retraining.ts';
import { driftTables, firstPrediction } from './drift-tables.ts';
import { lookAtModels } from './look-at-models.ts';
import { trainVersion } from './train-version.ts';
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
  readonly scoringTime: (model: string, version: string) => number | null;
  readonly note: (line: string) => void;
  /** How often log time is looked at, on the wall clock. */
  readonly everyMs?: number;
}

/** Of log time, between two looks. */
const LOOK_EVERY_MS = 3_600_000;

/**
 * Watches models and carriers, asks for training where something has moved for good, trains, tries the new version in the
 * shadow, and promotes it or lets it go: all of it from the tables, at log time, with nobody's hand in it. What is found
 * and decided goes to topics under ids of its own, so that a look that was interrupted is made again and tells nothing
 * twice.
 */
export const startLearning = (parts: LearningParts): { readonly stop: () => Promise<void> } => {
  const { log, settings, decided, tablesFilled, note, everyMs = 5_000 } = parts;
  const ending = new AbortController();
  let lookedAt = -Infinity;
  const round = async (): Promise<void> => {
    const now = log.closedUntil;
    if (now - lookedAt < LOOK_EVERY_MS || !decided(now)) return;
    await tablesFilled();
    await lookAtDrift(now, parts);
    await lookAtModels({
      control: parts.control,
      rule: settings.promotion,
      pairs: ({ model, incumbent, candidate, since }) =>
        pairedRows(parts.client, `${model}@${incumbent}`, `${model}@${candidate}`, since),
      scoringTime: parts.scoringTime,
      retrainings: () => knownRetrainings(log),
      record: (row) => appendRow(log, retrainings, row, `${row.id}:${row.version}`),
      train: (retraining) => trainAnew(retraining, now, parts, ending.signal),
      now: () => now,
      seeded: seededRandom,
      note,
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

const lookAtDrift = async (
  now: number,
  { log, control, client, file, settings }: LearningParts,
): Promise<void> => {
  const before = await readState(file);
  const champions = Object.fromEntries(
    Object.entries(control.inForce()).flatMap(([model, { champion }]) =>
      champion === null ? [] : [[model, champion]],
    ),
  );
  const { retrain, watch } = settings;
  const coolDownMs = durationMs(retrain.coolDown);
  const watched = await watchDrift(before, {
    ...driftTables(client, control.registry),
    champions,
    now,
    begin: await firstPrediction(client),
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
  const model = settings.lateDelivery;
  const asking = { ...retrain, coolDownMs };
  const asked = requestsOf(watched.findings, known, model, asking);
  const requests =
    asked.length > 0 ? asked : followUpsOf(known, champions[model] ?? null, model, now, asking);
  for (const row of requests) await appendRow(log, retrainings, row, `${row.id}:${row.version}`);
  await replaceFile(file, JSON.stringify(watched.state));
};

const trainAnew = async (
  { model, changedAt }: Retraining,
  now: number,
  { client, control, settings }: LearningParts,
  signal: AbortSignal,
): Promise<string> => {
  const from = now - durationMs(settings.retrain.learnFrom);
  const { rows, lineage } = await trainingRowsOf(client, { from, asOf: now, population: 'untreated' });
  const { version } = await trainVersion({
    registry: control.registry,
    decide: control.decide,
    model,
    rows: rowsToLearnFrom(rows, changedAt),
    data: { kind: 'logged outcomes, untreated', changedAt, ...lineage },
    by: 'retraining',
    signal,
  });
  return version;
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
