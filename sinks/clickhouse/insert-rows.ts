import type { ClickHouseClient } from '@clickhouse/client';
import type { ClickHouseHosts } from './hosts.ts';
import type { TableRow } from './row-encoder.ts';
import { insertError } from './statement-error.ts';

/**
 * Inserts rows as one block under a token: a table that knows the token takes nothing and says yes. The same token
 * must always come with the same rows. Throws FW501 when it may be tried again, FW502 when the rows are at fault,
 * and then none of them is in. Of several hosts, the one that did not take it is left: tried again, with the same token,
 * it goes to the next one.
 */
export type InsertRows = (table: string, rows: readonly TableRow[], token: string) => Promise<void>;

export const insertRows =
  (client: ClickHouseClient, hosts?: ClickHouseHosts): InsertRows =>
  async (table, rows, token) => {
    const host = hosts?.current();
    try {
      await client.insert({
        table,
        values: rows,
        format: 'JSONEachRow',
        clickhouse_settings: {
          insert_deduplication_token: token,
          insert_deduplicate: 1,
          // Rows gathered by the server with others' would be another block.
          async_insert: 0,
          // Whatever does not fit is refused aloud: not defaulted, not skipped.
          input_format_null_as_default: 0,
          input_format_skip_unknown_fields: 0,
        },
      });
    } catch (error) {
      const failed = insertError(table, error);
      if (host !== undefined && failed.code === 'FW501') hosts?.leave(host);
      throw failed;
    }
  };
