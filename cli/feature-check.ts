import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { featureNames } from '../domain/features.ts';
import { type Futures, judgeFutures, type SeenFeatures } from '../models/evaluation/poisoned-future.ts';
import { plans, predictions, tracking } from '../pipelines/topics.ts';
import type { Config } from '../runtime/config/config.ts';
import { ForewarnError } from '../runtime/forewarn-error.ts';
import { startRecordedLine } from '../runtime/wire/recorded-line.ts';
import { createWorld } from '../sources/simulated/world.ts';
import { configFrom, type ConfigOptions } from './config-options.ts';
import { type FedRecord, feedHistory, recordOf, SCORE_WITHIN_MS } from './feed-history.ts';
import { formatVerdict, leakOf } from './format-feature-check.ts';
import { rowsOf } from '../runtime/log/topic-rows.ts';
import { type KnownWorld, poisonedAfter } from './poisoned-records.ts';
import { simulationInput } from './simulation-input.ts';

export interface FeatureCheckOptions extends ConfigOptions {
  readonly at?: readonly number[];
  readonly days: number;
  readonly seed: number;
  readonly shipmentsPerDay: number;
  readonly json?: boolean;
}

const START = Date.UTC(2025, 0, 6);
const HOUR_MS = 3_600_000;

/**
 * `forewarn features check`: runs recorded input, or days of the simulated world, as it was, cut at t, and with another future
 * after t, and holds the features of all predictions until t against each other. FW613 where one of them moved.
 */
export const featureCheckCommand = async (
  file: string | undefined,
  options: FeatureCheckOptions,
): Promise<void> => {
  const config = configFrom(options);
  const records =
    file === undefined ? simulated(options) : (await simulationInput(file, config, Infinity)).records;
  const times = options.at ?? [0.5, 0.8].map((share) => timeAt(records, share));
  const whole = await lineRun(config, records);
  const futures: Futures[] = [];
  for (const at of times) {
    const cut = records.filter(({ heardAt }) => heardAt <= at);
    for (const [future, input] of [
      ['cut', cut],
      ['poisoned', poisonedAfter(records, whole, at)],
    ] as const)
      futures.push({ at, future, as: whole.seen, other: (await lineRun(config, input)).seen });
  }
  const verdict = judgeFutures(featureNames, futures);
  if (verdict.predictions === 0)
    throw new ForewarnError(
      'FW101',
      `nothing was predicted by ${times.map(timeOf).join(', ')}; choose a later --at`,
    );
  console.log(options.json === true ? JSON.stringify(verdict, null, 2) : formatVerdict(verdict, times));
  const leak = leakOf(verdict);
  if (leak !== null) throw new ForewarnError('FW613', leak);
};

const timeOf = (at: number): string => new Date(at).toISOString();

const timeAt = (records: readonly FedRecord[], share: number): number => {
  const from = records[0]?.heardAt ?? 0;
  return Math.floor(from + share * ((records.at(-1)?.heardAt ?? 0) - from));
};

const simulated = ({ days, seed, shipmentsPerDay }: FeatureCheckOptions): FedRecord[] => {
  const world = createWorld({ seed, startAt: START, shipmentsPerDay, keepTruth: false });
  return world.advance(START + days * 24 * HOUR_MS).map(recordOf);
};

/** Features of everything that a run predicted, and what it knew of shipments. */
const lineRun = async (
  config: Config,
  records: readonly FedRecord[],
): Promise<KnownWorld & { readonly seen: readonly SeenFeatures[] }> => {
  const folder = await mkdtemp(join(tmpdir(), 'forewarn-features-'));
  const line = await startRecordedLine(
    { ...config, models: { ...config.models, timeoutMs: SCORE_WITHIN_MS } },
    folder,
    (note) => console.error(note),
  );
  try {
    await feedHistory(line, records);
    const all = async <T, R>(rows: AsyncIterable<T>, take: (row: T) => R): Promise<R[]> => {
      const list: R[] = [];
      for await (const row of rows) list.push(take(row));
      return list;
    };
    return {
      seen: await all(rowsOf(line.log, predictions), ({ id, heardAt, features }) => ({
        id,
        heardAt,
        features,
      })),
      plans: await all(rowsOf(line.log, plans), (row) => row),
      tracking: await all(rowsOf(line.log, tracking), (row) => row),
    };
  } finally {
    await line.stop();
    await rm(folder, { recursive: true, force: true });
  }
};
