import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { connectClickHouse } from '../../../sinks/clickhouse/client.ts';
import { startEmbeddedClickHouse } from '../../../sinks/clickhouse/embedded/embedded-clickhouse.ts';
import { forgetUncommitted } from '../../../sinks/clickhouse/embedded/forget-uncommitted.ts';
import { insertRows } from '../../../sinks/clickhouse/insert-rows.ts';
import { hasEmbeddedClickHouse } from '../../system/running-line.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'forewarn-uncommitted-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** A table's folder as ClickHouse has it. */
const tableWith = async (parts: readonly string[], records: readonly string[]): Promise<string> => {
  const table = join(folder, 'store', 'abc', 'abcdef');
  await mkdir(join(table, 'deduplication_logs'), { recursive: true });
  for (const part of parts) await mkdir(join(table, part));
  const file = join(table, 'deduplication_logs', 'deduplication_log_2.txt');
  await writeFile(join(table, 'deduplication_logs', 'deduplication_log_1.txt'), '1\tall_7_7_0\tall_old\n');
  await writeFile(file, records.map((record) => `${record}\n`).join(''));
  return file;
};

describe('tokens of inserts that never came to be', () => {
  it('are forgotten; those of parts that are there, or were merged into one, or dropped, are not', async () => {
    const records = [
      '1\tall_1_1_0\tall_a',
      '1\tall_2_2_0\tall_b',
      '1\t202605_3_3_0\t202605_c',
      '2\tall_9_9_0\tall_d',
      '1\tall_12_12_0\tall_e',
      '1\t202606_3_3_0\t202606_f',
    ];
    const file = await tableWith(['all_1_5_2', '202605_3_3_0', 'detached'], records);
    expect(await forgetUncommitted(folder)).toBe(2);
    expect(await readFile(file, 'utf8')).toBe(
      records
        .slice(0, 4)
        .map((record) => `${record}\n`)
        .join(''),
    );
    expect(await forgetUncommitted(folder)).toBe(0);
  });

  it('are none where there is no folder, and none of long ago', async () => {
    expect(await forgetUncommitted(join(folder, 'nothing'))).toBe(0);
    const records = Array.from({ length: 300 }, (_, nth) => `1\tall_${nth}_${nth}_0\tall_${nth}`);
    await tableWith(['all_44_299_3'], records);
    expect(await forgetUncommitted(folder)).toBe(0);
  });

  it.skipIf(!hasEmbeddedClickHouse())('do not swallow the rows when they are sent again', async () => {
    const started = async () => {
      const server = await startEmbeddedClickHouse({ folder });
      const client = connectClickHouse({ url: server.url });
      return {
        client,
        insert: insertRows(client),
        end: async () => {
          await client.close();
          await server.stop();
        },
      };
    };
    const first = await started();
    await first.client.command({
      query:
        'CREATE TABLE t (a UInt32) ENGINE = MergeTree ORDER BY a SETTINGS non_replicated_deduplication_window = 100',
    });
    await first.insert('t', [{ a: 1 }], 'one');
    await first.insert('t', [{ a: 2 }], 'two');
    await first.end();
    // As a kill leaves it that comes between the token and the part.
    const entries = await readdir(join(folder, 'store'), { recursive: true });
    const part = entries.find((path) => path.endsWith('/all_2_2_0'))!;
    await rm(join(folder, 'store', part), { recursive: true });

    const second = await started();
    await second.insert('t', [{ a: 1 }], 'one');
    await second.insert('t', [{ a: 2 }], 'two');
    const rows = await second.client.query({
      query: 'SELECT a FROM t ORDER BY a',
      format: 'JSONCompactEachRow',
    });
    expect(await rows.json()).toEqual([[1], [2]]);
    await second.end();
  });
});
