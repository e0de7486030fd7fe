import { expect, it } from 'vitest';
import { createMetrics } from '../../../runtime/metrics/metrics.ts';
import { kafkaSinkMetrics } from '../../../runtime/wire/kafka-sink-metrics.ts';
import { kafkaSourceMetrics } from '../../../runtime/wire/kafka-source-metrics.ts';

const lag = 'forewarn_kafka_sink_lag_records{topic="exceptions"}';

it('counts topics of others until that is removed, and again afterwards', async () => {
  const metrics = createMetrics({ processMetrics: false });
  const before = await metrics.text();
  const sinks = kafkaSinkMetrics(metrics, ['exceptions'], { lagOf: () => 7, isStopped: () => true });
  const sources = kafkaSourceMetrics(metrics, ['scans']);
  sources.records('scans', 'taken', 3);
  const during = await metrics.text();
  expect(during).toContain(`${lag} 7`);
  expect(during).toContain('forewarn_kafka_sink_stopped{topic="exceptions"} 1');
  sinks.remove();
  sources.remove();
  expect(await metrics.text()).toBe(before);
  kafkaSinkMetrics(metrics, ['exceptions'], { lagOf: () => 8, isStopped: () => false });
  kafkaSourceMetrics(metrics, ['scans']);
  const text = await metrics.text();
  expect(text).toContain(`${lag} 8`);
  expect(text).toContain('forewarn_kafka_source_records_total{topic="scans",result="taken"} 0');
});

it('refuses a metric that there is, as a name may not mean two things', () => {
  const metrics = createMetrics({ processMetrics: false });
  kafkaSourceMetrics(metrics, ['scans']);
  expect(() => kafkaSourceMetrics(metrics, ['scans'])).toThrow('already been registered');
});
