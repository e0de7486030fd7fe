import {
  AggregatorRegistry,
  type MetricObjectWithValues,
  type MetricValue,
  type Registry,
} from 'prom-client';

/** Metrics of one registry, as they cross threads. */
export type MetricsJson = readonly MetricObjectWithValues<MetricValue<string>>[];

/**
 * The text of `/metrics` of a process whose threads count apart: what has the same name and labels is added up. What only
 * one of them measures, such as the memory of the process, is as it is.
 */
export const addedUp = async (registry: Registry, others: readonly MetricsJson[]): Promise<string> => {
  if (others.length === 0) return registry.metrics();
  const all = [await registry.getMetricsAsJSON(), ...others];
  return AggregatorRegistry.aggregate(
    all.map((metrics) => metrics.map((metric) => ({ ...metric, aggregator: 'sum' as const }))),
  ).metrics();
};
