import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { DeadLetter } from '../../../domain/dead-letter.ts';
import { deadLetters } from '../../../pipelines/topics.ts';
import { wallClock } from '../../../runtime/clock.ts';
import { kafkaSourceSettings } from '../../../runtime/config/kafka-source-settings.ts';
import { EmbeddedLog } from '../../../runtime/log/embedded-log.ts';
import type { LineLog, LogRecord } from '../../../runtime/log/log.ts';
import { createMetrics } from '../../../runtime/metrics/metrics.ts';
import { sinkTopics } from './line-topics.ts';
import {
  type KafkaSources,
  type KafkaSourcesOptions,
  openKafkaSources,
} from '../../../runtime/wire/start-kafka-sources.ts';

export const openLine = (folder: string): Promise<EmbeddedLog> =>
  EmbeddedLog.open({ folder, topics: sinkTopics, time: () => wallClock });

export const tempLine = async (): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), 'forewarn-foreign-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
};

export const recordsOf = async (log: LineLog, topic: string): Promise<readonly LogRecord[]> => {
  const records: LogRecord[] = [];
  for (let offset = log.begin(topic, 0); offset < log.end(topic, 0);) {
    const read = await log.read(topic, 0, offset);
    records.push(...read);
    offset = read.at(-1)!.offset + 1;
  }
  return records;
};

/** Values of all documents, in their order. */
export const documentsOf = async (log: LineLog): Promise<readonly string[]> =>
  (await recordsOf(log, 'raw')).map(({ value }) => Buffer.from(value).toString());

export const lettersOf = async (log: LineLog): Promise<readonly DeadLetter[]> =>
  (await recordsOf(log, 'dead-letters')).map((record) => deadLetters.read(record));

export interface RunningSource {
  readonly notes: string[];
  readonly metrics: () => Promise<string>;
  readonly sources: KafkaSources;
  readonly stop: () => Promise<void>;
}

/** Starts sources as `forewarn.yaml` would; they are stopped with the test at the latest. */
export const runSource = async (
  log: LineLog,
  settings: {
    readonly brokers: readonly string[];
    readonly topics: unknown;
    readonly [key: string]: unknown;
  },
  more: Partial<KafkaSourcesOptions> = {},
  numbers: readonly number[] = [0, 1],
): Promise<RunningSource> => {
  const metrics = createMetrics({ processMetrics: false });
  const notes: string[] = [];
  const sources = await openKafkaSources({
    count: 2,
    settings: kafkaSourceSettings.parse(settings),
    maxBytes: 16 << 20,
    log,
    intake: log,
    metrics,
    note: (line) => notes.push(line),
    lookEveryMs: 200,
    ...more,
  });
  await sources.take(numbers);
  let stopped: Promise<void> | undefined;
  const stop = (): Promise<void> => (stopped ??= sources.stop());
  onTestFinished(stop);
  return { notes, metrics: () => metrics.text(), sources, stop };
};
