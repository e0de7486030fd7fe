import type { Dataquery } from '@grafana/grafana-foundation-sdk/cog';
import { DataqueryBuilder, PromQueryFormat } from '@grafana/grafana-foundation-sdk/prometheus';
import { clickhouseSource, prometheusSource } from './datasources.ts';

/** How a query is answered: one number a series, a table, or a line over time. */
export type Shape = 'number' | 'table' | 'line';
export type Query = (refId: string, shape: Shape) => { readonly build: () => Dataquery };

export const prom =
  (expr: string, legend = ''): Query =>
  (refId, shape) => {
    const query = new DataqueryBuilder()
      .refId(refId)
      .expr(expr)
      .legendFormat(legend)
      .datasource(prometheusSource);
    if (shape === 'line') return query.range();
    return query.instant().format(shape === 'table' ? PromQueryFormat.Table : PromQueryFormat.TimeSeries);
  };

/** The target of Grafana's ClickHouse plug-in, which the SDK does not have. */
interface ClickHouseTarget extends Dataquery {
  readonly refId: string;
  readonly editorType: 'sql';
  readonly queryType: 'table' | 'timeseries';
  /** 1 is the plug-in's table, 0 its time series. */
  readonly format: 0 | 1;
  readonly rawSql: string;
  readonly datasource: typeof clickhouseSource;
}

export const sql =
  (rawSql: string): Query =>
  (refId, shape) => ({
    build: (): ClickHouseTarget => ({
      refId,
      editorType: 'sql',
      queryType: shape === 'line' ? 'timeseries' : 'table',
      format: shape === 'line' ? 0 : 1,
      rawSql: rawSql.trim(),
      datasource: clickhouseSource,
      _implementsDataqueryVariant: () => undefined,
    }),
  });

/** A quantile of one of our histograms over the panel's rate interval, by a label and of the matching series. */
export const quantile = (q: number, histogram: string, by = '', matching = ''): string => {
  const labels = by === '' ? 'le' : `le, ${by}`;
  const selector = matching === '' ? `${histogram}_bucket` : `${histogram}_bucket{${matching}}`;
  return `histogram_quantile(${q}, sum by (${labels}) (rate(${selector}[$__rate_interval])))`;
};

/** Median and 99th percentile, side by side. */
export const spread = (histogram: string): Query[] => [
  prom(quantile(0.5, histogram), 'half within'),
  prom(quantile(0.99, histogram), '99 % within'),
];

/** Per-second rate of a counter, summed by a label. */
export const rateBy = (label: string, selector: string): Query =>
  prom(`sum by (${label}) (rate(${selector}[$__rate_interval]))`, `{{${label}}}`);

/** The same, and 0 where there is no series yet: what is configured for few. */
export const orZero = (label: string, selector: string): Query =>
  prom(`sum by (${label}) (rate(${selector}[$__rate_interval])) or vector(0)`, `{{${label}}}`);
