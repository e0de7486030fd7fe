import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { columnsOf } from '../../../sinks/clickhouse/columns.ts';
import type { ChildExit } from '../../../sinks/clickhouse/embedded/embedded-clickhouse.ts';
import { insertRows } from '../../../sinks/clickhouse/insert-rows.ts';
import { applyMigrations } from '../../../sinks/clickhouse/migrations.ts';
import { rowEncoder } from '../../../sinks/clickhouse/row-encoder.ts';
import { tables } from '../../../sinks/clickhouse/tables.ts';
import { contentHash, type TableContent } from '../../support/content-hash.ts';
import type { MemoryLog } from '../../support/memory-log.ts';
import { clickHouseForTests } from './clickhouse-here.ts';
import { append, dyingAt, mirrorOf, newLog, portRow } from './mirror-fixture.ts';

const { server, client } = await clickHouseForTests();
const insert = insertRows(client);

const ROWS = 120;
const filled = async (): Promise<MemoryLog> => {
  const log = newLog(3);
  for (let n = 0; n < ROWS; n++) await append(log, 'ports', portRow(n));
  return log;
};
const finish = async (log: MemoryLog): Promise<TableContent> => {
  const mirror = mirrorOf(log, insert, { maxRows: 10 });
  mirror.start();
  await mirror.drain();
  await mirror.stop();
  return contentHash(client, 'port_status');
};

describe.skipIf(server === undefined)('Mirror into ClickHouse', () => {
  let undisturbed: TableContent;
  beforeAll(async () => {
    await applyMigrations(client);
    undisturbed = await finish(await filled());
    expect(undisturbed.rows).toBe(ROWS);
  });
  beforeEach(async () => {
    // Forgets the tokens too.
    await client.command({ query: 'TRUNCATE TABLE port_status' });
  });

  it.each([
    ['between seal and insert', 6, 'before'],
    ['between insert and its answer', 6, 'after'],
    ['before a seal', 9, 'before'],
    ['after a seal', 9, 'after'],
    ['at the very first step', 1, 'before'],
  ] as const)('has each row once after a crash %s', async (_, step, when) => {
    const log = await filled();
    const life = dyingAt(step, when, log, insert);
    const mirror = mirrorOf(log, life.insert, { log: life.log, maxRows: 10 });
    mirror.start();
    await life.died;
    life.kill();
    expect(await finish(log)).toEqual(undisturbed);
  });

  it('has each row once though ClickHouse is killed while it writes', { timeout: 120_000 }, async () => {
    const log = newLog(3);
    const mirror = mirrorOf(log, insert, { maxRows: 10, retryMs: 20 });
    mirror.start();
    for (let round = 0; round < 4; round++) {
      const { inserts } = mirror.stats();
      const died = new Promise<ChildExit>((resolve) => server?.onExit(resolve));
      for (let n = round * 30; n < (round + 1) * 30; n++) await append(log, 'ports', portRow(n));
      if (round === 3) break;
      // Some of the round's chunks are in, others on their way or to come.
      await expect
        .poll(() => mirror.stats().inserts, { timeout: 60_000, interval: 1 })
        .toBeGreaterThan(inserts);
      process.kill(server?.pid ?? 0, 'SIGKILL');
      await died;
    }
    await mirror.drain();
    await mirror.stop();
    expect(mirror.stats()).toMatchObject({ rows: ROWS, lagRecords: 0 });
    expect(await contentHash(client, 'port_status')).toEqual(undisturbed);
  });

  it('leaves out the one row that ClickHouse refuses', async () => {
    const log = await filled();
    await append(log, 'ports', portRow(ROWS, 'bad'));
    await append(log, 'ports', portRow(ROWS + 1, 'odd'));
    const refused: string[] = [];
    const mirror = mirrorOf(log, insert, { refused: ({ key }) => refused.push(key) });
    mirror.start();
    await mirror.drain();
    await mirror.stop();
    expect(refused.toSorted((a, b) => a.localeCompare(b))).toEqual([`port-${ROWS}`, `port-${ROWS + 1}`]);
    expect(await contentHash(client, 'port_status')).toEqual(undisturbed);
  });

  it('writes what the schema says, to the last character', async () => {
    const log = newLog();
    await append(log, 'ports', { ...portRow(1), note: 'ö "\\ \n\t\u0000 😀' });
    await finish(log);
    const answer = await client.query({ query: 'SELECT * FROM port_status', format: 'JSONEachRow' });
    expect(await answer.json()).toEqual([
      {
        id: 'port-1',
        at: '2023-11-14 22:13:20.001',
        heard_at: '2023-11-14 22:13:20.501',
        source_feed: 'ports',
        source_document: 'd',
        source_position: 1,
        source_decoder: 'test',
        source_mapping: null,
        port: 'USLAX',
        state: 'open',
        vessels_waiting: 1,
        dwell_hours: 1 / 3,
        usual_dwell_hours: 0,
        note: 'ö "\\ \n\t\u0000 😀',
      },
    ]);
  });

  it('recognises a chunk after its part was merged away', async () => {
    const rows = (n: number) => [rowEncoder(columnsOf(tables.port_status.schema))(portRow(n))];
    for (let n = 0; n < 4; n++) await insert('port_status', rows(n), `chunk ${n}`);
    await client.command({ query: 'OPTIMIZE TABLE port_status FINAL' });
    await insert('port_status', rows(0), 'chunk 0');
    expect(await contentHash(client, 'port_status')).toMatchObject({ rows: 4 });
  });

  it('knows a doubled row by the content hash', async () => {
    const log = await filled();
    await finish(log);
    await client.command({ query: 'INSERT INTO port_status SELECT * FROM port_status LIMIT 1' });
    const doubled = await contentHash(client, 'port_status');
    expect(doubled.rows).toBe(ROWS + 1);
    expect(doubled.hash).not.toBe(undisturbed.hash);
  });
});
