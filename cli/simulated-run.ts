import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { actionResults, dispatches, outcomes } from '../pipelines/topics.ts';
import type { Config } from '../runtime/config/config.ts';
import { actionResult } from '../domain/action.ts';
import type { Outcome } from '../domain/outcome.ts';
import { startRecordedLine } from '../runtime/wire/recorded-line.ts';
import { type DecidedRun, decidedIn } from './decided-run.ts';
import { type FedRecord, feedHistory, SCORE_WITHIN_MS } from './feed-history.ts';
import type { SimulationInput } from './simulation-input.ts';
import { rowsOf } from '../runtime/log/topic-rows.ts';

/** A message as it would have left. */
export interface SimulatedMessage {
  readonly id: string;
  readonly type: string;
  readonly template: string;
  readonly destination: string | null;
  readonly customerId: string | null;
  readonly state: string;
  readonly covers: number;
}

export interface SimulatedRun extends Pick<DecidedRun, 'exceptions' | 'actions' | 'rules' | 'model'> {
  readonly records: number;
  readonly messages: readonly SimulatedMessage[];
  readonly outcomes: readonly Outcome[];
}

export interface SimulatedRunOptions {
  readonly config: Config;
  readonly from: number | null;
  readonly modelVersion?: string;
  readonly note: (line: string) => void;
}

const MESSAGES: ReadonlySet<string> = new Set(['notify_customer', 'notify_consignee', 'notify_carrier']);

/** Actions whose result history knows. Any other that becomes due is taken to have been sent. */
const resultsKnown = (history: readonly FedRecord[]): ReadonlySet<string> =>
  new Set(
    history
      .filter(({ topic }) => topic === actionResults.name)
      .map(({ value }) => actionResult.parse(JSON.parse(Buffer.from(value).toString('utf8'))).actionId),
  );

/**
 * History once more, under other rules or another model, in a folder of its own that is gone afterwards. Nothing goes
 * out: what was sent then and is decided again has the result that it had; what is new is taken to have been sent.
 */
export const simulatedRun = async (
  { records: history, quietUntil }: SimulationInput,
  { config, from, modelVersion, note }: SimulatedRunOptions,
): Promise<SimulatedRun> => {
  const folder = await mkdtemp(join(tmpdir(), 'forewarn-simulate-'));
  const known = resultsKnown(history);
  const line = await startRecordedLine(
    { ...config, models: { ...config.models, timeoutMs: SCORE_WITHIN_MS } },
    folder,
    note,
    {
      resolving: { takesAsSent: (id) => !known.has(id) },
      ...(modelVersion === undefined ? {} : { modelVersion }),
    },
  );
  try {
    await feedHistory(line, history, quietUntil);
    return {
      records: history.length,
      rules: line.rules,
      model: line.model,
      ...(await decidedIn(line.log, from)),
      messages: await messagesIn(line.log, from),
      outcomes: await outcomesIn(line.log, from),
    };
  } finally {
    await line.stop();
    await rm(folder, { recursive: true, force: true });
  }
};

type Log = Parameters<typeof rowsOf>[0];

const latest = async <T extends { readonly id: string; readonly heardAt: number }>(
  rows: AsyncIterable<T>,
  from: number | null,
): Promise<readonly T[]> => {
  const found = new Map<string, T>();
  for await (const row of rows) if (from === null || row.heardAt >= from) found.set(row.id, row);
  return [...found.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
};

const messagesIn = async (log: Log, from: number | null): Promise<readonly SimulatedMessage[]> =>
  (await latest(rowsOf(log, dispatches), from))
    .filter(({ type }) => MESSAGES.has(type))
    .map(({ id, type, template, destination, customerId, state, covers }) => ({
      id,
      type,
      template,
      destination,
      customerId,
      state,
      covers: covers.length,
    }));

const outcomesIn = (log: Log, from: number | null): Promise<readonly Outcome[]> =>
  latest(rowsOf(log, outcomes), from);
