import {
  recordResults,
  restartReasons,
  type SourceCounts,
  sourceStates,
} from '../../sources/kafka/source-counts.ts';
import { instrumentsOf, startAtZero } from '../metrics/instruments.ts';
import type { Metrics } from '../metrics/metrics.ts';

/** What is counted of foreign topics, until it is removed; all of it from the first second on, so that silence is seen. */
export const kafkaSourceMetrics = (
  { registry }: Metrics,
  topics: readonly string[],
): SourceCounts & { readonly remove: () => void } => {
  const { counter, gauge, remove } = instrumentsOf(registry);
  const records = counter(
    'forewarn_kafka_source_records_total',
    'Records of foreign topics, by what became of them: taken, duplicate, tombstone, letter.',
    'topic',
    'result',
  );
  const bytes = counter('forewarn_kafka_source_bytes_total', 'Bytes of their values.', 'topic');
  const lag = gauge(
    'forewarn_kafka_source_lag_records',
    'Offsets of a partition that are committed and not taken yet.',
    'topic',
    'partition',
  );
  const gaps = counter(
    'forewarn_kafka_source_gap_records_total',
    'Offsets that were gone before they were taken, and were skipped.',
    'topic',
  );
  const restarts = counter(
    'forewarn_kafka_source_restarts_total',
    'Consumers made anew: stalled, new-partitions, lost, failed.',
    'topic',
    'why',
  );
  const state = gauge(
    'forewarn_kafka_source_state',
    '1 for the state that a topic is in: running; held by a broker, the line or a registry; stopped.',
    'topic',
    'state',
  );
  const inState = (topic: string, now: string): void => {
    for (const one of sourceStates) state.set({ topic, state: one }, Number(one === now));
  };
  for (const topic of topics) {
    startAtZero(
      records,
      recordResults.map((result) => ({ topic, result })),
    );
    startAtZero(
      restarts,
      restartReasons.map((why) => ({ topic, why })),
    );
    startAtZero(bytes, [{ topic }]);
    startAtZero(gaps, [{ topic }]);
    inState(topic, 'held');
  }
  return {
    records: (topic, result, n) => records.inc({ topic, result }, n),
    bytes: (topic, n) => bytes.inc({ topic }, n),
    lag: (topic, partition, n) => lag.set({ topic, partition }, n),
    gap: (topic, n) => gaps.inc({ topic }, n),
    restarted: (topic, why) => restarts.inc({ topic, why }),
    state: inState,
    remove,
  };
};
