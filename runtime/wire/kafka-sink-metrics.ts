import type { TopicSinkOptions } from '../../sinks/kafka/topic-sink.ts';
import { instrumentsOf, startAtZero } from '../metrics/instruments.ts';
import type { Metrics } from '../metrics/metrics.ts';

export interface SinkReadings {
  readonly lagOf: (topic: string) => number;
  readonly isStopped: (topic: string) => boolean;
}

/** What is counted of sinks, by topic of ours, until it is removed; all of it from the first second on. Readings are taken when they are asked for. */
export const kafkaSinkMetrics = (
  { registry }: Metrics,
  topics: readonly string[],
  { lagOf, isStopped }: SinkReadings,
): TopicSinkOptions['counts'] & { readonly remove: () => void } => {
  const { counter, reading, remove } = instrumentsOf(registry);
  const rows = counter('forewarn_kafka_sink_rows_total', 'Rows written to topics of others.', 'topic');
  const failures = counter(
    'forewarn_kafka_sink_failures_total',
    'Writes that failed and are tried again.',
    'topic',
  );
  reading(
    'forewarn_kafka_sink_stopped',
    '1 for a sink that writes nothing any more of a partition.',
    ['topic'],
    (stopped) => topics.forEach((topic) => stopped.set({ topic }, Number(isStopped(topic)))),
  );
  reading('forewarn_kafka_sink_lag_records', 'Durable rows that are not written yet.', ['topic'], (lag) =>
    topics.forEach((topic) => lag.set({ topic }, lagOf(topic))),
  );
  for (const topic of topics) {
    startAtZero(rows, [{ topic }]);
    startAtZero(failures, [{ topic }]);
  }
  return {
    rows: (topic, n) => rows.inc({ topic }, n),
    failed: (topic) => failures.inc({ topic }),
    remove,
  };
};
