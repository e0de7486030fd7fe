import { appendFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { describe, expect, it } from 'vitest';
import { rowsOf } from '../../runtime/log/topic-rows.ts';
import {
  allocations,
  deadLetters,
  orders,
  plans,
  shipmentOrders,
  tmsChanges,
} from '../../pipelines/topics.ts';
import { readPosition } from '../../sources/import/import-position.ts';
import { importFiles } from '../../sources/import/import-files.ts';
import { importHistory, type ImportOptions } from '../../sources/import/import-history.ts';
import { inputs } from '../sources/decoders/decoder-settings.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { until } from '../support/until.ts';
import { newDataFolder, startLine } from './recorded-folder.ts';
import { forewarn } from './run-cli.ts';
import { startRunningLine } from './running-line.ts';

const all = async <T>(rows: AsyncIterable<T>): Promise<T[]> => {
  const found: T[] = [];
  for await (const row of rows) found.push(row);
  return found;
};

const header = 'order;customer;line;article;quantity;amount;due;shipment;status\n';
const orderLines = (order: number, lines: number): string =>
  Array.from(
    { length: lines },
    (_, line) => `${order};acme;${line};A;1;1,00;03.06.2025;S${order};planned\n`,
  ).join('');

const changes = Array.from({ length: 1_100 }, (_, index) =>
  JSON.stringify({
    type: 'tms_change',
    shipmentId: `S${index}`,
    at: new Date(Date.UTC(2025, 5, 1) + index * 1_000).toISOString(),
    what: 'note_set',
    by: 'dana',
  }),
).join('\n');

describe('forewarn import', () => {
  it('back-fills CSV, Parquet and NDJSON at the times that they tell of', async () => {
    const folder = await tempFolder();
    const data = await newDataFolder(folder);
    const history = join(folder, 'history');
    await mkdir(history);
    await writeFile(join(history, 'orders.csv'), header + orderLines(1, 2) + orderLines(2, 1));
    const by = (name: string, path: string) => forewarn('import', path, '--source', name, '--data', data);
    expect(await by('example-orders', join(history, 'orders.csv'))).toMatchObject({
      code: 0,
      out: 'orders.csv: 3 rows\n3 rows imported in 1 documents',
    });

    const tables = join(folder, 'tables');
    await mkdir(tables);
    const text = (name: string, ...values: readonly string[]) => ({
      name,
      data: [...values],
      type: 'STRING' as const,
    });
    const parquet = parquetWriteBuffer({
      columnData: [
        text('id', 'S1', 'S2'),
        text('customer_id', 'acme', 'acme'),
        text('carrier', 'SAIA', 'SAIA'),
        text('service', 'STD', 'EXP'),
        text('mode', 'LTL', 'TL'),
        text('lane', 'CHI-NYC', 'CHI-NYC'),
        text('origin', 'CHI', 'CHI'),
        text('destination', 'NYC', 'NYC'),
        text('pickup_at', '2025-06-02 08:00', '2025-06-02 08:00'),
        text('promised_at', '2025-06-04 17:00', '2025-06-04 17:00'),
        text('status', 'PLANNED', 'CANCELLED'),
        { name: 'value', data: [1_200.5, 3], type: 'DOUBLE' as const },
      ],
    });
    await writeFile(join(tables, 'shipments.parquet'), new Uint8Array(parquet));
    expect(await by('example-tms', tables)).toMatchObject({
      code: 0,
      out: expect.stringContaining('2 rows imported'),
    });
    await writeFile(join(folder, 'changes.ndjson'), changes);
    expect(await by('people', join(folder, 'changes.ndjson'))).toMatchObject({
      code: 0,
      out: expect.stringContaining('1100 rows imported in 2 documents'),
    });
    // Once more: nothing comes in twice.
    expect((await by('people', join(folder, 'changes.ndjson'))).out).toBe(
      'changes.ndjson: imported before\n0 rows imported in 0 documents; 1100 rows and 0 documents were there before',
    );

    const line = await startLine(data);
    try {
      await until('all is decided', () => line.settled());
      expect(await all(rowsOf(line.log, deadLetters))).toEqual([]);
      const ordered = await all(rowsOf(line.log, orders));
      expect(ordered.map(({ orderId, lines }) => `${orderId}: ${lines.length}`).toSorted()).toEqual([
        '1: 2',
        '2: 1',
      ]);
      expect(await all(rowsOf(line.log, allocations))).toHaveLength(2);
      // Order lines find their shipments as from any other source.
      expect(
        (await all(rowsOf(line.log, shipmentOrders))).map(({ shipmentId }) => shipmentId).toSorted(),
      ).toEqual(expect.arrayContaining(['S1', 'S2']));
      const planned = await all(rowsOf(line.log, plans));
      expect(
        planned.map(({ shipmentId, cancelled, valueMinor }) => [shipmentId, cancelled, valueMinor]),
      ).toEqual(
        expect.arrayContaining([
          ['S1', false, 120_050],
          ['S2', true, 300],
        ]),
      );
      const changed = await all(rowsOf(line.log, tmsChanges));
      expect(new Set(changed.map(({ id }) => id)).size).toBe(1_100);
      expect(Math.max(...changed.map(({ heardAt }) => heardAt))).toBeLessThan(Date.UTC(2025, 5, 5));
    } finally {
      await line.stop();
    }
  });

  it('goes through the ingest of a process that runs', async () => {
    const folder = await tempFolder();
    const data = await newDataFolder(folder);
    const path = join(folder, 'changes.ndjson');
    await writeFile(path, changes);
    const line = await startRunningLine(data);
    try {
      const { out } = await forewarn('import', path, '--source', 'people', '--data', data);
      expect(out).toContain('1100 rows imported in 2 documents');
      await until('all is decided', () => line.settled());
      const changed = await all(rowsOf(line.log, tmsChanges));
      expect(changed).toHaveLength(1_100);
      expect(Math.max(...changed.map(({ heardAt }) => heardAt))).toBeLessThan(Date.UTC(2025, 5, 2));
      // What was written down is lost: the log knows the documents all the same.
      await rm(join(data, 'imports'), { recursive: true });
      const again = await forewarn('import', path, '--source', 'people', '--data', data);
      expect(again.out).toContain('0 rows imported in 0 documents; 0 rows and 2 documents were there before');
    } finally {
      await line.stop();
    }
  });

  it('goes on where it was killed, and sends nothing anew that is there', async () => {
    const folder = await tempFolder();
    const path = join(folder, 'orders.csv');
    await writeFile(
      path,
      header + Array.from({ length: 15_000 }, (_, index) => orderLines(index, 3)).join(''),
    );
    const files = await importFiles(path);
    const log = new Map<string, string>();
    const positionFile = join(folder, 'position.json');
    const options = (failAfter: number): ImportOptions => ({
      files,
      source: 'example-orders',
      mapping: inputs.get('example-orders'),
      positionFile,
      note: () => undefined,
      append: async (id, { bytes }) => {
        if (log.size >= failAfter) throw new Error('killed');
        const duplicate = log.has(id);
        if (!duplicate) log.set(id, Buffer.from(bytes).toString('latin1'));
        return { duplicate };
      },
    });
    await expect(importHistory(options(19))).rejects.toThrow('killed');
    expect(readPosition(positionFile)['orders.csv']).toMatchObject({ documents: 16, isDone: false });
    const done = await importHistory(options(Infinity));
    expect(done.known).toBe(3);
    expect(done.before).toBeGreaterThan(15_000);
    const texts = [...log.values()];
    const lines = texts.flatMap((text) => {
      expect(text.startsWith(header)).toBe(true);
      return text.slice(header.length).trimEnd().split('\n');
    });
    // Every row once, in its order, and no order cut in two.
    expect(`${header}${lines.join('\n')}\n`).toBe(await readFile(path, 'latin1'));
    const firsts = texts.map((text) => text.slice(header.length).split(';', 3)[2]);
    expect(new Set(firsts)).toEqual(new Set(['0']));
    // A file that has grown since sends its new end alone.
    await appendFile(path, orderLines(99_999, 1));
    expect(await importHistory(options(Infinity))).toMatchObject({ documents: 1, known: 44 });
  });

  it('says what it cannot read', async () => {
    const folder = await tempFolder();
    const data = await newDataFolder(folder);
    const bad = join(folder, 'bad.parquet');
    await writeFile(bad, 'no parquet at all');
    const { err, code } = await forewarn('import', bad, '--source', 'example-tms', '--data', data);
    expect(err).toMatch(/^FW407 .*bad\.parquet is no Parquet file that can be read; export it again$/);
    expect(code).toBe(1);
    await writeFile(join(folder, 'rows.csv'), 'a\n1\n');
    const csv = await forewarn('import', join(folder, 'rows.csv'), '--source', 'nobody', '--data', data);
    expect(csv.err).toMatch(/^FW407 .*rows\.csv: no file of rules\/inputs reads source "nobody"/);
  });
});
