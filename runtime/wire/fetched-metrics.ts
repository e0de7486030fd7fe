import { instrumentsOf } from '../metrics/instruments.ts';
import type { Brought, LineLog } from '../log/log.ts';
import type { Metrics } from '../metrics/metrics.ts';

/**
 * What brokers have sent to this process, by topic and partition: of a topic that is split by key only the partitions that
 * something in this process follows. None where the log is in no Kafka.
 */
export const fetchedMetrics = ({ registry }: Metrics, log: Pick<LineLog, 'fetched'>): void => {
  if (log.fetched === undefined) return;
  const { counted } = instrumentsOf(registry);
  const tellOf = (name: string, help: string, sumOf: (brought: Brought) => number): void =>
    counted(name, help, ['topic', 'partition'], (tell) => {
      for (const [place, brought] of log.fetched ?? []) {
        const slash = place.lastIndexOf('/');
        tell({ topic: place.slice(0, slash), partition: place.slice(slash + 1) }, sumOf(brought));
      }
    });
  tellOf(
    'forewarn_log_fetched_records_total',
    'Records that brokers sent to this process.',
    ({ records }) => records,
  );
  tellOf('forewarn_log_fetched_bytes_total', 'Bytes of their values.', ({ bytes }) => bytes);
};
