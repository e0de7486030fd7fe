import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { createClient } from '@clickhouse/client';
import { afterAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { connectClickHouse } from '../../../sinks/clickhouse/client.ts';
import {
  startEmbeddedClickHouse,
  type ChildExit,
} from '../../../sinks/clickhouse/embedded/embedded-clickhouse.ts';
import { insertRows } from '../../../sinks/clickhouse/insert-rows.ts';
import { clickHouseHere } from './clickhouse-here.ts';

const server = await clickHouseHere();
const url = server?.url ?? 'http://127.0.0.1:1';
const client = connectClickHouse({ url });
const insert = insertRows(client);

const values = async (query: string): Promise<unknown[]> =>
  (await client.query({ query, format: 'JSONCompactEachRow' })).json<unknown>();
const plain = async (
  body: string | Buffer,
  {
    query = '',
    headers = {},
    method = 'POST',
  }: { query?: string; headers?: Record<string, string>; method?: string } = {},
): Promise<Response> => {
  const { username, password, origin } = new URL(url);
  return fetch(`${origin}/?${query}`, {
    method,
    ...(method === 'GET' ? {} : { body }),
    headers: {
      authorization: `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`,
      ...headers,
    },
  });
};

afterAll(async () => {
  await client.close();
  await server?.remove();
});

describe.skipIf(server === undefined)('embedded ClickHouse', () => {
  beforeEach(async () => {
    await client.command({ query: 'DROP TABLE IF EXISTS t' });
    await client.command({
      query:
        'CREATE TABLE t (a UInt32, s String) ENGINE = MergeTree ORDER BY a SETTINGS non_replicated_deduplication_window = 1000',
    });
  });

  it('answers a ping, parameters, and a chosen format', async () => {
    expect(await client.ping()).toEqual({ success: true });
    const answer = await client.query({
      query: 'SELECT {name:String} AS name, {ids:Array(UInt8)} AS ids',
      query_params: { name: "O'Neil\tö\n", ids: [1, 2] },
      format: 'JSONEachRow',
    });
    expect(await answer.json()).toEqual([{ name: "O'Neil\tö\n", ids: [1, 2] }]);
    expect(await (await plain('SELECT 1, 2 FORMAT CSV')).text()).toBe('1,2\n');
    expect(await (await plain('SELECT 1, 2')).text()).toBe('1\t2\n');
  });

  it('lets no setting stick', async () => {
    const [before] = await values("SELECT getSetting('max_block_size')");
    const answer = await client.query({
      query: "SELECT getSetting('max_block_size')",
      format: 'JSONCompactEachRow',
      clickhouse_settings: { max_block_size: '7' },
    });
    expect(await answer.json()).toEqual([[7]]);
    expect(await values("SELECT getSetting('max_block_size')")).toEqual([before]);
  });

  it('takes a token for its own insert only', async () => {
    await insert('t', [{ a: 1, s: 'x' }], 'one');
    await client.insert({ table: 't', values: [{ a: 2, s: 'y' }], format: 'JSONEachRow' });
    await client.insert({ table: 't', values: [{ a: 3, s: 'z' }], format: 'JSONEachRow' });
    await client.command({ query: "INSERT INTO t VALUES (4, 'v')" });
    expect(await values('SELECT a FROM t ORDER BY a')).toEqual([[1], [2], [3], [4]]);
  });

  it('recognises a token and takes its rows once', async () => {
    const rows = [
      { a: 1, s: 'x' },
      { a: 2, s: 'y' },
    ];
    await insert('t', rows, "token's \\ 1");
    await insert('t', rows, "token's \\ 1");
    await insert('t', rows, 'token 2');
    expect(await values('SELECT a, count() FROM t GROUP BY a ORDER BY a')).toEqual([
      [1, 2],
      [2, 2],
    ]);
  });

  it('keeps the output of a failed query out of the next one', async () => {
    const failing = 'SELECT throwIf(number = 3000000) FROM numbers(10000000) FORMAT TSV';
    for (let round = 0; round < 3; round++) {
      const failed = await plain(failing);
      expect(failed.status).toBe(500);
      expect(failed.headers.get('x-clickhouse-exception-code')).toBe('395');
      expect(await failed.text()).toMatch(
        /^Code: 395\. DB::Exception: .*\(FUNCTION_THROW_IF_VALUE_IS_NON_ZERO\)\s*$/s,
      );
      expect(await (await plain('SELECT 42')).text()).toBe('42\n');
    }
  });

  it('puts nothing of a refused insert in, and says which kind of error it was', async () => {
    const bad = [
      { a: 1, s: 'x' },
      { a: 2, s: '\ud800' },
    ];
    await expect(insert('t', bad, 'bad')).rejects.toMatchObject({ code: 'FW502' });
    await expect(insert('nowhere', bad, 'bad')).rejects.toMatchObject({ code: 'FW501' });
    await expect(insert('t', [{ a: 1, s: null }], 'null')).rejects.toMatchObject({ code: 'FW502' });
    await expect(insert('t', [{ a: 1, s: 'x', more: 1 }], 'more')).rejects.toMatchObject({ code: 'FW502' });
    expect(await values('SELECT count() FROM t')).toEqual([[0]]);
  });

  it('runs queries side by side without mixing them up', async () => {
    const answers = await Promise.all(
      Array.from({ length: 24 }, async (_, index) =>
        index % 4 === 3
          ? client.query({ query: 'SELECT throwIf(number = 1000) FROM numbers(100000)' }).catch(() => index)
          : (await client.query({ query: `SELECT ${index} AS n`, format: 'JSONEachRow' })).json<{
              n: number;
            }>(),
      ),
    );
    expect(answers).toEqual(answers.map((_, index) => (index % 4 === 3 ? index : [{ n: index }])));
  });

  it('reads compressed bodies and writes compressed answers', async () => {
    const gzipped = await plain(gzipSync('{"a":5,"s":"é"}\n'), {
      query: `query=${encodeURIComponent('INSERT INTO t FORMAT JSONEachRow')}`,
      headers: { 'content-encoding': 'gzip' },
    });
    expect(gzipped.status).toBe(200);
    expect(JSON.parse(gzipped.headers.get('x-clickhouse-summary') ?? '{}')).toMatchObject({
      written_rows: '1',
    });
    const compressing = createClient({ url, compression: { request: true, response: true } });
    await compressing.insert({ table: 't', values: [{ a: 6, s: 'z' }], format: 'JSONEachRow' });
    const answer = await compressing.query({
      query: 'SELECT a, s FROM t ORDER BY a',
      format: 'JSONCompactEachRow',
    });
    expect(await answer.json()).toEqual([
      [5, 'é'],
      [6, 'z'],
    ]);
    await compressing.close();
  });

  it('takes 3 MB of rows in one insert as one part', async () => {
    await insert(
      't',
      Array.from({ length: 2_000 }, (_, a) => ({ a, s: 'x'.repeat(1_500) })),
      'large',
    );
    expect(await values("SELECT rows FROM system.parts WHERE table = 't' AND active")).toEqual([[2_000]]);
  });

  it('lets nobody in without the password, and nobody write by GET', async () => {
    const { origin } = new URL(url);
    const stranger = await fetch(`${origin}/?query=SELECT%201`);
    expect(stranger.status).toBe(403);
    expect(await stranger.text()).toContain('AUTHENTICATION_FAILED');
    const link = await plain('', { query: `query=${encodeURIComponent('DROP TABLE t')}`, method: 'GET' });
    expect(await link.text()).toContain('READONLY');
    expect((await fetch(`${origin}/ping`)).status).toBe(200);
  });

  it('is not ended by the signals of a terminal', async () => {
    const pid = server?.pid ?? 0;
    process.kill(pid, 'SIGINT');
    process.kill(pid, 'SIGTERM');
    expect(await values('SELECT 1')).toEqual([[1]]);
    expect(server?.pid).toBe(pid);
  });

  it(
    'comes back under the same address after kill -9, with all that was answered, once',
    { timeout: 120_000 },
    async () => {
      const acknowledged = new Set<number>();
      let sending = true;
      const writer = async (first: number): Promise<void> => {
        for (let a = first; sending; a += 4) {
          const rows = Array.from({ length: 50 }, (_, i) => ({ a: a * 100 + i, s: `row ${i}` }));
          for (;;) {
            try {
              await insert('t', rows, `batch ${a}`);
              break;
            } catch (error) {
              expect(error).toMatchObject({ code: 'FW501' });
            }
          }
          acknowledged.add(a);
        }
      };
      const writers = [0, 1, 2, 3].map(writer);
      for (let kill = 0; kill < 3; kill++) {
        const enough = acknowledged.size + 8;
        await expect.poll(() => acknowledged.size, { timeout: 60_000, interval: 5 }).toBeGreaterThan(enough);
        const died = new Promise<ChildExit>((resolve) => {
          const off = server?.onExit((exit) => {
            off?.();
            resolve(exit);
          });
        });
        process.kill(server?.pid ?? 0, 'SIGKILL');
        expect(await died).toEqual({ code: null, signal: 'SIGKILL' });
      }
      const enough = acknowledged.size + 8;
      await expect.poll(() => acknowledged.size, { timeout: 60_000, interval: 5 }).toBeGreaterThan(enough);
      sending = false;
      await Promise.all(writers);
      const expected = [...acknowledged].toSorted((a, b) => a - b).map((a) => [a, 50, 50]);
      expect(
        await values(
          'SELECT intDiv(a, 100) AS batch, count(), uniqExact(a) FROM t GROUP BY batch ORDER BY batch',
        ),
      ).toEqual(expected);
    },
  );
});

describe.skipIf(server === undefined)('the process of embedded ClickHouse', () => {
  const isAlive = (pid: number): boolean => {
    try {
      // A zombie still has a number, but nothing to run.
      return !execFileSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' })
        .trim()
        .startsWith('Z');
    } catch {
      return false;
    }
  };

  it('ends with its parent, however that ended', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'forewarn-orphan-'));
    const module = new URL('../../../sinks/clickhouse/embedded/embedded-clickhouse.ts', import.meta.url).href;
    const parent = spawn(
      process.execPath,
      [
        '--import',
        '@oxc-node/core/register',
        '--input-type=module',
        '--eval',
        `const { startEmbeddedClickHouse } = await import(${JSON.stringify(module)});
         const { pid } = await startEmbeddedClickHouse({ folder: ${JSON.stringify(folder)} });
         process.stdout.write(String(pid));`,
      ],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    const [said] = (await once(parent.stdout, 'data')) as [Buffer];
    const pid = Number(said.toString());
    expect(isAlive(pid)).toBe(true);
    parent.kill('SIGKILL');
    await expect.poll(() => isAlive(pid), { timeout: 10_000 }).toBe(false);
    rmSync(folder, { recursive: true, force: true });
  });
});

describe('a machine without a binary of ClickHouse', () => {
  it('is told so in one sentence that names the key of the configuration', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'forewarn-no-binary-'));
    const preload = join(folder, 'no-binary.cjs');
    writeFileSync(
      preload,
      `const Module = require('node:module');
       const resolve = Module._resolveFilename;
       Module._resolveFilename = (request, ...rest) => {
         if (/^@chdb\\/|chdb_node/.test(request))
           throw Object.assign(new Error('Cannot find module ' + request), { code: 'MODULE_NOT_FOUND' });
         return resolve(request, ...rest);
       };`,
    );
    vi.stubEnv('NODE_OPTIONS', `--require ${preload}`);
    try {
      await expect(startEmbeddedClickHouse({ folder: join(folder, 'data') })).rejects.toThrow(
        /^FW106 there is no embedded ClickHouse for \w+-\w+ .*set "clickhouse\.url" in forewarn\.yaml to a ClickHouse server\.$/,
      );
    } finally {
      vi.unstubAllEnvs();
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
