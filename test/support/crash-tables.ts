import type { ClickHouseClient } from '@clickhouse/client';
import { connectClickHouse } from '../../sinks/clickhouse/client.ts';
import { createTable } from '../../sinks/clickhouse/create-table.ts';
import { contentHash } from './content-hash.ts';
import type { MirroredTopic } from './crash-life.ts';

export interface Tables {
  readonly client: ClickHouseClient;
  /** `rows hash` by table. */
  content(): Promise<ReadonlyMap<string, readonly string[]>>;
  remove(): Promise<void>;
}

let databases = 0;

/** A database of its own for each run. */
export const makeTables = async (url: string, mirrored: readonly MirroredTopic[]): Promise<Tables> => {
  const database = `crash_${process.pid}_${(databases += 1)}`;
  const maker = connectClickHouse({ url, database: 'default' });
  await maker.command({ query: `CREATE DATABASE ${database}` });
  const client = connectClickHouse({ url, database });
  for (const { table, schema } of mirrored) {
    const made = { name: table, schema, keeps: 'history', orderBy: [], audited: false, comment: '' } as const;
    await client.command({ query: createTable(made) });
  }
  return {
    client,
    content: async () => {
      const all = new Map<string, readonly string[]>();
      for (const { table } of mirrored) {
        const { rows, hash } = await contentHash(client, table);
        all.set(`table ${table}`, [`${rows} ${hash}`]);
      }
      return all;
    },
    remove: async () => {
      await client.close();
      await maker.command({ query: `DROP DATABASE ${database}` });
      await maker.close();
    },
  };
};
