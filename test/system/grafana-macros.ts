/** A time range of a dashboard, in milliseconds since 1970 UTC, and its interval. */
export interface Range {
  readonly fromMs: number;
  readonly toMs: number;
  readonly intervalSec: number;
}

/**
 * Writes out the macros of Grafana's ClickHouse plug-in as the plug-in does. An argument with parentheses of its
 * own is refused, for not every version of the plug-in finds its end; so is a macro that is left over.
 */
export const expandSql = (sql: string, { fromMs, toMs, intervalSec }: Range): string => {
  const from = `toDateTime(${Math.floor(fromMs / 1_000)})`;
  const to = `toDateTime(${Math.ceil(toMs / 1_000)})`;
  const expanded = sql
    .replaceAll(
      /\$__timeFilter\(([^()]*)\)/g,
      (_all, column: string) => `${column} >= ${from} AND ${column} <= ${to}`,
    )
    .replaceAll(
      /\$__timeInterval\(([^()]*)\)/g,
      (_all, column: string) => `toStartOfInterval(toDateTime(${column}), INTERVAL ${intervalSec} second)`,
    )
    .replaceAll(/\$__fromTime\b/g, from)
    .replaceAll(/\$__toTime\b/g, to)
    .replaceAll(/\$__interval_s\b/g, String(intervalSec));
  refuseLeftOver(expanded);
  return expanded;
};

/** Grafana's rate interval is at least four scrapes; the rest of its macros are not used in our panels. */
export const expandPromql = (expr: string, rateInterval: string): string => {
  const expanded = expr.replaceAll('$__rate_interval', rateInterval);
  refuseLeftOver(expanded);
  return expanded;
};

const refuseLeftOver = (text: string): void => {
  const left = /\$\w+|\$\{[^}]*\}/.exec(text);
  if (left !== null) throw new Error(`macro ${left[0]} is not written out in: ${text}`);
};
