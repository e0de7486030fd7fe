import type { DeadLetter } from '../../domain/dead-letter.ts';
import { stableId } from '../../domain/stable-id.ts';
import { deadLetters, partitionsByTopic, raw } from '../../pipelines/topics.ts';
import { deadLetterRecord } from '../../sinks/kafka/dead-letter-record.ts';
import { TopicSink } from '../../sinks/kafka/topic-sink.ts';
import type { KafkaSinkSettings } from '../config/kafka-sink-settings.ts';
import { ForewarnError } from '../forewarn-error.ts';
import { connectKafka } from '../kafka/connection.ts';
import type { LineLog, LogRecord } from '../log/log.ts';
import { appendRow } from '../log/topic-rows.ts';
import type { Metrics } from '../metrics/metrics.ts';
import { codeVersion } from '../package-root.ts';
import { kafkaSinkMetrics } from './kafka-sink-metrics.ts';

export interface KafkaSinksOptions {
  readonly settings: KafkaSinkSettings;
  readonly log: LineLog;
  /** How often the data folder was rewound. */
  readonly generation: number;
  readonly metrics: Metrics;
  readonly note: (line: string) => void;
}

/** What is written to topics of others, by the partition numbers that run here. */
export interface KafkaSinks {
  /** Begins with what belongs to a number. Kafka that is away is waited for in the background. */
  take(number: number): void;
  /** Resolves when nothing is written here as this number any more. */
  give(number: number): Promise<void>;
  /** What the number's sinks need is for others to say. */
  letGo(number: number): void;
  stop(): Promise<void>;
}

/** A sink for each topic that is written, and for each of its partitions: of topics with one, where number 0 is. */
export const openKafkaSinks = async (options: KafkaSinksOptions): Promise<KafkaSinks> => {
  const { settings, log, generation, note } = options;
  const { brokers, prefix, replicas, topics, deadLetters: letters } = settings;
  refuseUnknown(Object.keys(topics));
  const connection = await connectKafka({
    brokers,
    settings: settings.settings,
    setting: 'sinks.kafka.brokers',
    connectWithinMs: 5_000,
  });
  const admin = connection.admin();
  const running = new Map<number, readonly TopicSink[]>();
  const sinksOf = (name: string): readonly TopicSink[] =>
    [...running.values()].flat().filter(({ sink }) => sink === name);
  const names = [...Object.keys(topics), ...(letters === undefined ? [] : [LETTERS])];
  const counts = kafkaSinkMetrics(options.metrics, names, {
    lagOf: (name) => sinksOf(name).reduce((sum, { lag }) => sum + lag, 0),
    isStopped: (name) => sinksOf(name).some(({ isStopped }) => isStopped),
  });
  const common = { connection, admin, prefix, replicas, log, generation, counts, note };
  const rowsOf = ([from, { topic, mode, start }]: [string, (typeof topics)[string]], partition: number) =>
    new TopicSink({
      ...common,
      sink: from,
      partition,
      from,
      to: topic,
      mode,
      start,
      encode: ({ record }) => ({
        topic,
        partition: -1,
        key: record.key,
        value: Buffer.from(record.value),
        headers: [
          { 'content-type': 'application/json' },
          { 'fw-heard-at': String(record.heardAt) },
          // The same row again, in mode `append` after a crash, has the same place.
          { 'fw-place': `${from}/${partition}/${record.offset}` },
        ],
      }),
      refuse: ({ record }, reason) =>
        appendRow(
          log,
          deadLetters,
          refusedRow(from, topic, partition, record, reason),
          refusedId(from, partition, record),
        ),
    });
  const lettersOf = ({ topic, mode, start }: NonNullable<typeof letters>, partition: number) =>
    new TopicSink({
      ...common,
      sink: LETTERS,
      partition,
      from: deadLetters.name,
      to: topic,
      mode,
      start,
      encode: async ({ record }, short) => {
        const letter = deadLetters.read(record);
        return deadLetterRecord(topic, letter, await keyOf(log, letter), short);
      },
    });
  const made = (number: number): readonly TopicSink[] => [
    ...Object.entries(topics)
      .filter(([from]) => number < log.partitionsOf(from))
      .map((one) => rowsOf(one, number)),
    ...(letters === undefined || number >= log.partitionsOf(deadLetters.name)
      ? []
      : [lettersOf(letters, number)]),
  ];
  const give = async (number: number): Promise<void> => {
    await Promise.all((running.get(number) ?? []).map((sink) => sink.stop()));
    running.delete(number);
  };
  return {
    take: (number) => {
      const sinks = made(number);
      running.set(number, sinks);
      for (const sink of sinks) sink.start();
    },
    give,
    letGo: (number) => made(number).forEach((sink) => sink.letGo()),
    stop: async () => {
      await Promise.all([...running.keys()].map(give));
      counts.remove();
      admin.disconnect();
    },
  };
};

/** The sink that writes letters as they came: beside one that writes their rows as JSON, should there be one. */
const LETTERS = 'dead-letters-as-they-came';

const refuseUnknown = (topics: readonly string[]): void => {
  const ours = Object.keys(partitionsByTopic(1)).filter((name) => !name.startsWith('~'));
  const unknown = topics.find((topic) => !ours.includes(topic));
  if (unknown === undefined) return;
  throw new ForewarnError(
    'FW101',
    `sinks.kafka.topics.${unknown}: no topic of ours has this name; they are ${ours.join(', ')}`,
  );
};

/** The key under which the record came to us: a document from Kafka carries it in its headers. */
const keyOf = async (log: LineLog, { origin }: DeadLetter): Promise<string | null> => {
  const { topic, offset, key } = origin ?? { topic: '', offset: null, key: null };
  if (topic !== raw.name || offset === null || key === null) return key;
  const partition = origin?.partition ?? log.partitionFor(topic, key);
  if (offset < log.begin(topic, partition) || offset >= log.end(topic, partition)) return key;
  const [record] = await log.read(topic, partition, offset, 1);
  return record?.offset === offset && record.headers['via'] === 'kafka'
    ? (record.headers['kafkaKey'] ?? null)
    : key;
};

const refusedId = (from: string, partition: number, { offset }: LogRecord): string =>
  stableId('dead-letter', 'sink', 'kafka', from, partition, offset);

const refusedRow = (
  from: string,
  to: string,
  partition: number,
  record: LogRecord,
  reason: string,
): DeadLetter => ({
  id: refusedId(from, partition, record),
  at: record.heardAt,
  heardAt: record.heardAt,
  stage: 'sink',
  feed: from,
  document: `${from}/${partition}/${record.offset}`,
  position: 0,
  step: 'kafka-sink',
  code: 'FW702',
  reason: `Kafka topic "${to}" does not take it: ${reason}; raise its max.message.bytes`,
  bytes: Buffer.from(record.value).toString('base64'),
  codeVersion,
  origin: { topic: from, partition, offset: record.offset, key: record.key, contentType: null },
});
