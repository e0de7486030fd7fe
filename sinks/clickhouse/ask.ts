import type { ClickHouseClient } from '@clickhouse/client';

/** Milliseconds, `[from; to)`; open where an end is left out. */
export interface OpenPeriod {
  readonly from?: number;
  readonly to?: number;
}

/** Later than anything that is heard, and within what a column of time can hold. */
const LATEST = Date.UTC(2299, 0);

/** Runs a query over `[from; to)` and gives its rows, whole numbers as numbers. */
export type Ask = <Row>(query: string, period: OpenPeriod) => Promise<readonly Row[]>;

export const askOf =
  (client: ClickHouseClient): Ask =>
  async <Row>(query: string, { from = 0, to = LATEST }: OpenPeriod) => {
    const answer = await client.query({
      query,
      format: 'JSONEachRow',
      query_params: { from: Math.floor(from), to: Math.floor(to) },
      clickhouse_settings: { output_format_json_quote_64bit_integers: 0 },
    });
    return answer.json<Row>();
  };
