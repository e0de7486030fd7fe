import type { ClickHouseClient } from '@clickhouse/client';
import { z } from 'zod';
import { expandPromql, expandSql } from './grafana-macros.ts';
import type { PanelQuery } from './panel-queries.ts';

/** What a query answered: how many values that a panel could show, or why none. */
export type Answer = { readonly values: number } | { readonly error: string };

const sample = z.tuple([z.number(), z.string()]);
const prometheusAnswer = z.object({
  status: z.string(),
  error: z.string().optional(),
  data: z
    .object({
      result: z.array(z.object({ value: sample.optional(), values: z.array(sample).optional() })),
    })
    .optional(),
});

/** Over the last minute, every two seconds, or at once for a single number. */
export const askPrometheus = async (url: string, { text, instant }: PanelQuery): Promise<Answer> => {
  const query = expandPromql(text, '20s');
  const now = Math.floor(Date.now() / 1_000);
  const range = { start: String(now - 60), end: String(now), step: '2' };
  const parameters = new URLSearchParams(instant ? { query } : { query, ...range }).toString();
  const path = `/api/v1/${instant ? 'query' : 'query_range'}?${parameters}`;
  const { status, error, data } = prometheusAnswer.parse(await (await fetch(url + path)).json());
  if (status !== 'success') return { error: error ?? status };
  const values = (data?.result ?? []).flatMap(
    (series) => series.values ?? (series.value === undefined ? [] : [series.value]),
  );
  return { values: values.filter(([, value]) => Number.isFinite(Number(value))).length };
};

const ruleAnswer = z.object({
  data: z.object({
    groups: z.array(
      z.object({
        rules: z.array(z.object({ name: z.string(), health: z.string(), lastError: z.string().optional() })),
      }),
    ),
  }),
});

/** Whether Prometheus could evaluate every one of our alerts. */
export const askRules = async (url: string): Promise<Answer> => {
  const answer = ruleAnswer.parse(await (await fetch(`${url}/api/v1/rules`)).json());
  const rules = answer.data.groups.flatMap((group) => group.rules);
  const ill = rules.filter(({ health }) => health === 'err');
  if (ill.length > 0)
    return { error: ill.map(({ name, lastError }) => `${name}: ${lastError ?? ''}`).join('; ') };
  return { values: rules.length };
};

const rowsAnswer = z.object({ data: z.array(z.array(z.unknown())) });

/** The range of log time that the tables hold: a simulated world's is not the wall clock's. */
const rangeSql = `
SELECT toUnixTimestamp64Milli(min(f)) AS from_ms, toUnixTimestamp64Milli(max(t)) AS to_ms FROM (
  SELECT min(heard_at) AS f, max(heard_at) AS t FROM predictions HAVING count() > 0
  UNION ALL SELECT min(raised_at), max(heard_at) FROM exception_history HAVING count() > 0
  UNION ALL SELECT min(heard_at), max(heard_at) FROM outcomes HAVING count() > 0
) HAVING count() > 0`;

export const askClickHouse = async (client: ClickHouseClient, { text }: PanelQuery): Promise<Answer> => {
  const rowsOf = async (query: string): Promise<unknown[][]> => {
    const answer: unknown = await (await client.query({ query, format: 'JSONCompact' })).json();
    return rowsAnswer.parse(answer).data;
  };
  try {
    const [bounds] = await rowsOf(rangeSql);
    if (bounds === undefined) return { values: 0 };
    const [fromMs = 0, toMs = 0] = bounds.map(Number);
    const rows = await rowsOf(expandSql(text, { fromMs, toMs, intervalSec: 60 }));
    return { values: rows.flat().filter((value) => value !== null && value !== '').length };
  } catch (error) {
    return { error: error instanceof Error ? error.message : String(error) };
  }
};
