import { join } from 'node:path';
import type { KafkaLog } from '../../runtime/log/kafka/kafka-log.ts';
import { connectClickHouse } from '../../sinks/clickhouse/client.ts';
import { createTable } from '../../sinks/clickhouse/create-table.ts';
import { startEmbeddedClickHouse } from '../../sinks/clickhouse/embedded/embedded-clickhouse.ts';
import { insertRows } from '../../sinks/clickhouse/insert-rows.ts';
import { Mirror } from '../../sinks/clickhouse/mirror.ts';
import { withTempFolder } from '../temp-folder.ts';
import { results, type TaskName } from './definitions.ts';
import { throughForewarn } from './forewarn.ts';
import type { Measured } from './measured.ts';
import { lastSureEnd, type Outcome } from './outcome.ts';
import type { Where } from './where.ts';

export const TABLE = 'tabled';

const outcomeQueries: Readonly<Record<TaskName, (count: number) => string>> = {
  'pass-through': () => `SELECT toFloat64(count()) AS rows, toFloat64(sum(value)) AS sum FROM ${TABLE}`,
  'windowed join': (count) =>
    `SELECT toFloat64(count()) AS rows, toFloat64(sum(value + pairs)) AS sum FROM ${TABLE} WHERE window_end <= ${lastSureEnd(count)}`,
};

/** The same pipeline, and what it writes copied from its topic into a table of the embedded ClickHouse: until the last row is in both. */
export const intoTables = (where: Where, task: TaskName, count: number): Promise<Measured> =>
  withTempFolder(async (folder) => {
    const server = await startEmbeddedClickHouse({ folder: join(folder, 'clickhouse') });
    const client = connectClickHouse({ url: server.url });
    const schema = results[task];
    const query = createTable({
      name: TABLE,
      schema,
      keeps: 'history',
      orderBy: ['key'],
      audited: false,
      comment: 'What came out',
    });
    try {
      await client.command({ query });
      let mirror: Mirror | undefined;
      const measured = await throughForewarn(where, task, TABLE, {
        start: (log: KafkaLog) => {
          mirror = new Mirror({
            log,
            routes: [{ topic: TABLE, table: TABLE, schema }],
            insert: insertRows(client),
            initialState: () => undefined,
            onRefused: (_, reason) => {
              throw reason;
            },
            onError: (error) => console.error(error.message),
          });
          mirror.start();
        },
        drain: () => mirror!.drain(),
        stop: () => mirror!.stop(),
      });
      const answer = await client.query({ query: outcomeQueries[task](count), format: 'JSONEachRow' });
      const [inTable] = await answer.json<Outcome>();
      return { ...measured, inTable: inTable! };
    } finally {
      await client.close();
      await server.stop();
    }
  });
