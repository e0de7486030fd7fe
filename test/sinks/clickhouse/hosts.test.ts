import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectClickHouse } from '../../../sinks/clickhouse/client.ts';
import { clickHouseHosts } from '../../../sinks/clickhouse/hosts.ts';
import { insertRows } from '../../../sinks/clickhouse/insert-rows.ts';
import { clickHouseForTests } from './clickhouse-here.ts';

const { server, client } = await clickHouseForTests();
const real = new URL(server?.url ?? 'http://127.0.0.1:1');

type Trouble = 'none' | 'lost-answer' | 'half-a-request' | 'read-only';
interface Front {
  readonly url: string;
  trouble: Trouble;
  /** Statements with rows that came here. */
  inserts: number;
  close(): Promise<void>;
}

/**
 * A server of the cluster, as a client sees one: all lead to the same tables and the same register of tokens, as replicas
 * do. Each can fail in its own way, with an insert that is whole, half or refused.
 */
const front = async (): Promise<Front> => {
  const forward = (incoming: IncomingMessage, outgoing: ServerResponse): void => {
    const isInsert = (incoming.url ?? '').includes('insert_deduplication_token');
    if (isInsert) own.inserts += 1;
    const trouble = isInsert ? own.trouble : 'none';
    if (trouble === 'half-a-request') return void incoming.once('data', () => incoming.destroy());
    if (trouble === 'read-only') {
      outgoing.writeHead(500, { 'x-clickhouse-exception-code': '242' });
      return void outgoing.end(
        'Code: 242. DB::Exception: Table is in readonly mode. (TABLE_IS_READ_ONLY) (version 26.7)\n',
      );
    }
    const onward = request(
      {
        host: real.hostname,
        port: real.port,
        path: incoming.url,
        method: incoming.method,
        headers: incoming.headers,
      },
      (answer) => {
        // The rows are in; nobody is told.
        if (trouble === 'lost-answer') return void answer.resume().once('end', () => outgoing.destroy());
        outgoing.writeHead(answer.statusCode ?? 500, answer.headers);
        answer.pipe(outgoing);
      },
    );
    onward.once('error', () => outgoing.destroy());
    incoming.pipe(onward);
  };
  const listening = createServer(forward);
  await new Promise<void>((resolve) => void listening.listen(0, '127.0.0.1', resolve));
  const own: Front = {
    url: `http://127.0.0.1:${(listening.address() as AddressInfo).port}`,
    trouble: 'none',
    inserts: 0,
    close: () =>
      new Promise((resolve) => {
        listening.close(() => resolve());
        listening.closeAllConnections();
      }),
  };
  return own;
};

const rows = Array.from({ length: 500 }, (_, n) => ({ n }));

describe.skipIf(server === undefined)('several hosts', () => {
  let first: Front;
  let second: Front;
  const username = decodeURIComponent(real.username);
  const password = decodeURIComponent(real.password);
  /** A client that begins with the first front, and what it inserts with. */
  const connected = (urls: readonly [string, ...string[]]) => {
    const hosts = clickHouseHosts(urls, { startAt: 0 });
    const own = connectClickHouse({ url: urls[0], username, password, hosts });
    afterAll(() => own.close());
    return { hosts, client: own, insert: insertRows(own, hosts) };
  };
  const made = async (table: string): Promise<string> => {
    await client.command({
      query: `CREATE TABLE ${table} (n UInt32) ENGINE = MergeTree ORDER BY n SETTINGS non_replicated_deduplication_window = 100`,
    });
    return table;
  };
  const counted = async (table: string): Promise<readonly unknown[]> =>
    (
      await client.query({
        query: `SELECT toUInt32(count()) AS rows, toUInt32(uniqExact(n)) AS different FROM ${table}`,
        format: 'JSONEachRow',
      })
    ).json();

  beforeAll(async () => {
    first = await front();
    second = await front();
  });
  afterAll(async () => {
    await first.close();
    await second.close();
  });

  it('asks the next one where one is not there, and the caller hears nothing of it', async () => {
    const gone = await front();
    await gone.close();
    const { hosts, client: own } = connected([gone.url, second.url]);
    expect(await (await own.query({ query: 'SELECT 1 AS one', format: 'JSONEachRow' })).json()).toEqual([
      { one: 1 },
    ]);
    expect(hosts.current()).toBe(second.url);
  });

  it('fails in one sentence where none is there', async () => {
    const gone = await front();
    await gone.close();
    const { insert } = connected([gone.url, gone.url]);
    await expect(insert('nowhere', rows, 'a')).rejects.toThrow(/^FW501 table "nowhere": .*ECONNREFUSED/);
  });

  it.each(['lost-answer', 'half-a-request', 'read-only'] as const)(
    '%s: the insert comes again on the next one with the same token, and no row is doubled or lost',
    async (trouble) => {
      const table = await made(trouble.replaceAll('-', '_'));
      const { hosts, insert } = connected([first.url, second.url]);
      const before = [first.inserts, second.inserts];
      first.trouble = trouble;
      await expect(insert(table, rows, 'chunk-1')).rejects.toThrow(/^FW501 /);
      expect(await counted(table)).toEqual([
        trouble === 'lost-answer' ? { rows: 500, different: 500 } : { rows: 0, different: 0 },
      ]);
      expect(hosts.current()).toBe(second.url);
      await insert(table, rows, 'chunk-1');
      first.trouble = 'none';
      expect(await counted(table)).toEqual([{ rows: 500, different: 500 }]);
      expect([first.inserts - before[0]!, second.inserts - before[1]!]).toEqual([1, 1]);
    },
  );

  it('stays with one that refuses the rows: another would refuse them too', async () => {
    const table = await made('refused');
    const { hosts, insert } = connected([first.url, second.url]);
    await expect(insert(table, [{ n: 'many' }], 'chunk-1')).rejects.toThrow(/^FW502 /);
    expect(hosts.current()).toBe(first.url);
  });

  it('leaves a host once, however many requests failed there together', () => {
    const hosts = clickHouseHosts([first.url, second.url], { startAt: 0 });
    const used = hosts.current();
    hosts.leave(used);
    hosts.leave(used);
    expect(hosts.current()).toBe(second.url);
  });

  it('begins elsewhere in each process, and comes back to the first after the last', () => {
    const begin = (startAt: number) => clickHouseHosts([first.url, second.url], { startAt });
    expect([0, 1, 2].map((at) => begin(at).current())).toEqual([first.url, second.url, first.url]);
    const hosts = begin(1);
    hosts.leave(second.url);
    expect(hosts.current()).toBe(first.url);
  });
});
