import type { ClickHouseClient } from '@clickhouse/client';
import type { Period } from '../../domain/review/period.ts';

/** Runs a query over `[from; to)` and gives its rows, whole numbers as numbers. */
export type Ask = <Row>(query: string, period: Period) => Promise<readonly Row[]>;

export const askOf =
  (client: ClickHouseClient): Ask =>
  async <Row>(query: string, { from, to }: Period) => {
    const answer = await client.query({
      query,
      format: 'JSONEachRow',
      query_params: { from: Math.floor(from), to: Math.floor(to) },
      clickhouse_settings: { output_format_json_quote_64bit_integers: 0 },
    });
    return answer.json<Row>();
  };
