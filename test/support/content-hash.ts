import type { ClickHouseClient } from '@clickhouse/client';

export interface TableContent {
  readonly rows: number;
  readonly hash: string;
}

export interface ContentOptions {
  /** Columns that may differ between two runs, such as times of arrival. */
  readonly except?: readonly string[];
  /** Current rows only, for tables that keep the highest version of each id. */
  readonly final?: boolean;
}

/**
 * What a table holds, whatever the order in which it came. XOR alone would not see a row that is there twice more,
 * the sum does.
 */
export const contentHash = async (
  client: ClickHouseClient,
  table: string,
  { except = [], final = false }: ContentOptions = {},
): Promise<TableContent> => {
  const columns = except.length === 0 ? '*' : `* EXCEPT (${except.join(', ')})`;
  const answer = await client.query({
    query: `SELECT toUInt32(count()) AS rows,
      concat(toString(groupBitXor(row_hash)), '-', toString(sumWithOverflow(row_hash))) AS hash
      FROM (SELECT cityHash64(toString(tuple(${columns}))) AS row_hash FROM ${table}${final ? ' FINAL' : ''})`,
    format: 'JSONEachRow',
  });
  const [content] = await answer.json<TableContent>();
  return content ?? { rows: 0, hash: '0-0' };
};
