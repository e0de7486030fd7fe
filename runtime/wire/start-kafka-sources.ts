import type { Admin } from '@confluentinc/kafka-javascript';
import type { SourceCounts } from '../../sources/kafka/source-counts.ts';
import { SourcePositions } from '../../sources/kafka/source-positions.ts';
import { TopicSource } from '../../sources/kafka/topic-source.ts';
import { registryValues } from '../../sources/kafka/registry/registry-values.ts';
import { SchemaRegistry } from '../../sources/kafka/registry/schema-registry.ts';
import { plainValues, type ValueDecoder } from '../../sources/kafka/value-decoder.ts';
import type { Config } from '../config/config.ts';
import type { KafkaSourceSettings } from '../config/kafka-source-settings.ts';
import type { Engine } from '../engine.ts';
import { ForewarnError } from '../forewarn-error.ts';
import { connectKafka, type KafkaConnection } from '../kafka/connection.ts';
import type { LineLog, Log } from '../log/log.ts';
import type { Metrics } from '../metrics/metrics.ts';
import { lineWithLimit } from './ingest-line.ts';
import { writeSourceLetter } from './kafka-source-letter.ts';
import { kafkaSourceMetrics } from './kafka-source-metrics.ts';

export interface KafkaSourcesOptions {
  readonly settings: KafkaSourceSettings;
  /** Partition numbers of the line: number n takes the foreign partitions n, n + count, n + 2 · count, … */
  readonly count: number;
  readonly maxBytes: number;
  readonly log: LineLog;
  /** The log as sources see it: full when too much waits to be read. */
  readonly intake: Pick<Log, 'append'>;
  readonly metrics: Metrics;
  readonly note: (line: string) => void;
  /** For tests: as of a source of a topic. */
  readonly lookEveryMs?: number;
  readonly patienceMs?: number;
}

/** Positions are written at most so often, and at least so often although nothing moved: history before them may go. */
const WRITE_EVERY_MS = 1_000;
const WRITE_AGAIN_MS = 600_000;

/** What foreign topics bring, by the partition numbers that run here. */
export interface KafkaSources {
  /** Takes what belongs to these numbers from now on, behind what others have taken. */
  take(numbers: readonly number[]): Promise<void>;
  /** Resolves when what was taken as these numbers is durable with its position. */
  give(numbers: readonly number[]): Promise<void>;
  stop(): Promise<void>;
}

/**
 * A source for each foreign topic, which takes nothing before it has numbers. Brokers that do not answer are waited for in
 * the background; FW608 where the client is not installed.
 */
export const openKafkaSources = async (options: KafkaSourcesOptions): Promise<KafkaSources> => {
  const { settings, log, note } = options;
  const { brokers, topics } = settings;
  if (Object.keys(topics).length === 0)
    throw new ForewarnError('FW101', 'sources.kafka.topics: is empty; name a topic, or leave kafka out');
  const decoders = await decodersOf(settings);
  const connection = await connectKafka({
    brokers,
    settings: settings.settings,
    setting: 'sources.kafka.brokers',
    connectWithinMs: 5_000,
  });
  const positions = await SourcePositions.open(log);
  const admin = connection.admin();
  const counts = countsOf(options);
  const wanted = new Set<number>();
  let numbers: ReadonlySet<number> = new Set();
  let running: (() => Promise<void>) | undefined;
  const start = (): (() => Promise<void>) =>
    runSources({
      ...options,
      connection,
      admin,
      positions,
      counts,
      decoders,
      isOurs: (partition) => numbers.has(partition % options.count),
    });
  const settle = async (): Promise<void> => {
    if (wanted.size === numbers.size && [...wanted].every((number) => numbers.has(number))) return;
    await running?.();
    running = undefined;
    numbers = new Set(wanted);
    if (numbers.size === 0) return;
    await positions.takeUp();
    running = start();
  };
  let settled: Promise<void> = Promise.resolve();
  /** One after the other; what was wanted meanwhile is done in one go. */
  const settling = (): Promise<void> => (settled = settled.catch(() => undefined).then(settle));
  return {
    take: (more) => {
      for (const number of more) wanted.add(number);
      return settling();
    },
    give: (some) => {
      for (const number of some) wanted.delete(number);
      return settling();
    },
    stop: async () => {
      wanted.clear();
      await settling().catch((error: unknown) => note(`kafka sources: ${String(error)}`));
      counts.remove();
      admin.disconnect();
    },
  };
};

interface ForeignParts extends Pick<KafkaSourcesOptions, 'log' | 'metrics' | 'note'> {
  readonly engine: Pick<Engine, 'lagOf'>;
}

interface RunningParts extends KafkaSourcesOptions {
  readonly connection: KafkaConnection;
  readonly admin: Admin;
  readonly positions: SourcePositions;
  readonly counts: SourceCounts;
  readonly decoders: ReadonlyMap<string, ValueDecoder>;
  readonly isOurs: (partition: number) => boolean;
}

/** The answer stops them all, and resolves when what they took is durable with its position. */
const runSources = (parts: RunningParts): (() => Promise<void>) => {
  const { settings, log, positions, decoders, note } = parts;
  const stopping = new AbortController();
  const sources = Object.entries(settings.topics).map(
    ([topic, rest]) =>
      new TopicSource({
        ...parts,
        ...rest,
        group: settings.group,
        topic,
        decoder: decoders.get(topic)!,
        log: parts.intake,
        letter: (letter) => writeSourceLetter(log, rest.source, topic, letter, stopping.signal),
      }),
  );
  let writtenAt = performance.now();
  let writing: Promise<void> | undefined;
  const write = async (): Promise<void> => {
    const isOld = performance.now() - writtenAt > WRITE_AGAIN_MS;
    const now = sources.map((source) => [source, source.position] as const);
    if (!(await positions.write(isOld))) return;
    writtenAt = performance.now();
    for (const [source, position] of now) source.tellGroup(position);
  };
  const timer = setInterval(() => {
    // A line that is full takes it the next time.
    writing ??= write()
      .catch(() => undefined)
      .finally(() => (writing = undefined));
  }, WRITE_EVERY_MS);
  for (const source of sources) source.start();
  return async () => {
    stopping.abort();
    await Promise.all(sources.map((source) => source.stop()));
    clearInterval(timer);
    await writing;
    await positions.write().catch((error: unknown) => note(`kafka sources: ${String(error)}`));
  };
};

/** Those that the configuration names; undefined where it names none. */
export const foreignSources = (
  { sources, http, log: { partitions: count, maxLagRecords } }: Config,
  { log, engine, metrics, note }: ForeignParts,
): Promise<KafkaSources | undefined> => {
  if (sources.kafka === undefined) return Promise.resolve(undefined);
  const lag = (): number => engine.lagOf('normalise-1');
  const intake = lineWithLimit(log, lag, maxLagRecords, metrics);
  const { maxDocumentBytes: maxBytes } = http;
  return openKafkaSources({ settings: sources.kafka, count, maxBytes, log, intake, metrics, note });
};

/** Documents are counted as those of every source are, too. */
const countsOf = ({ settings, metrics }: KafkaSourcesOptions): ReturnType<typeof kafkaSourceMetrics> => {
  const { topics } = settings;
  const counts = kafkaSourceMetrics(metrics, Object.keys(topics));
  return {
    ...counts,
    records: (topic, result, n) => {
      counts.records(topic, result, n);
      const source = topics[topic]!.source;
      if (result === 'taken') metrics.documentIn(source, 'accepted', n);
      if (result === 'duplicate') metrics.documentIn(source, 'duplicate', n);
    },
    bytes: (topic, n) => {
      counts.bytes(topic, n);
      metrics.bytesIn(n);
    },
  };
};

/** FW101 where a topic needs a registry and none is configured, FW226 where the package of its format is missing. */
const decodersOf = async ({
  registry,
  topics,
}: KafkaSourceSettings): Promise<ReadonlyMap<string, ValueDecoder>> => {
  const decoders = new Map<string, ValueDecoder>();
  for (const [topic, { value, contentType }] of Object.entries(topics)) {
    if (value === 'json' || value === 'bytes') decoders.set(topic, plainValues(value, contentType));
    else if (registry === undefined) {
      throw new ForewarnError(
        'FW101',
        `sources.kafka.topics.${topic}.value: "${value}" needs a schema registry; give sources.kafka.registry`,
      );
    } else decoders.set(topic, await registryValues(value, new SchemaRegistry(registry), contentType));
  }
  return decoders;
};
