import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { textOf } from '../docs/documents.ts';
import { until } from '../support/until.ts';
import { canRunLine, killLeftovers, startCommand } from './running-line.ts';
import { rowsOf, withTables } from './table-contents.ts';

const canRun = canRunLine();
const heardFirst = Date.parse('2026-02-03T21:00:00Z');
const tables = ['tracking_events', 'signals', 'exception_history', 'action_history', 'outcomes'] as const;

/** Takes every action, and remembers under which ids they came. */
const startReceiver = async () => {
  const ids: string[] = [];
  const server = createServer((request, response) => {
    ids.push(String(request.headers['webhook-id']));
    request.resume();
    request.on('end', () => response.end('{}'));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { ids, url: `http://127.0.0.1:${port}/`, close: () => server.close() };
};

describe.skipIf(!canRun)('a line that is rewound to a savepoint', () => {
  afterAll(killLeftovers);

  it('has the same rows in new tables, and sends nothing a second time', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'forewarn-rewind-'));
    const receiver = await startReceiver();
    const destinations = ['customer-notifications', 'tms', 'desk'].map(
      (name) => `  ${name}: { url: '${receiver.url}' }`,
    );
    const config = join(folder, 'forewarn.yaml');
    const first = join(folder, 'first');
    await writeFile(
      config,
      `dataFolder: ${first}\nsources: { http: true }\nlog: { time: recorded }\nclickhouse: { flushMs: 50 }\nmodels: { timeoutMs: 60000 }\ndestinations:\n${destinations.join('\n')}\n`,
    );
    const urlOf = async (data: string): Promise<string> =>
      (JSON.parse(await readFile(join(data, 'running.json'), 'utf8')) as { url: string }).url;
    const settled = (data: string): Promise<void> =>
      until(
        `${data} is settled`,
        async () => {
          const status = await urlOf(data)
            .then((url) => fetch(`${url}/v1/status`))
            .then((answer) => answer.json() as Promise<{ settled: boolean }>)
            .catch(() => ({ settled: false }));
          return status.settled;
        },
        60_000,
      );
    let heardAt = heardFirst;
    const post = async (file: string, source: string, contentType: string): Promise<void> => {
      heardAt += 60_000;
      const answer = await fetch(`${await urlOf(first)}/v1/ingest/${source}`, {
        method: 'POST',
        headers: { 'content-type': contentType, 'x-forewarn-heard-at': String(heardAt) },
        body: textOf(`docs/examples/${file}`),
      });
      expect(answer.status).toBe(202);
    };
    const contents = (data: string) =>
      withTables(data, async (client) => {
        const rows: Record<string, readonly string[]> = {};
        for (const table of tables) rows[table] = await rowsOf(client, table);
        return rows;
      });
    try {
      const before = startCommand(['run', '--config', config, '--port', '0'], {});
      await settled(first);
      await post('contract.json', 'tms', 'application/json');
      await post('plan.json', 'tms', 'application/json');
      await settled(first);
      const create = startCommand(['savepoint', 'create', 'mid', '--config', config], {});
      expect(await create.exited).toMatchObject({ code: 0 });
      await post('status-214.edi', 'exfr-214', 'application/edi-x12');
      await settled(first);
      await post('delivered.ndjson', 'exfr', 'application/x-ndjson');
      await settled(first);
      before.send('SIGTERM');
      expect(await before.exited).toMatchObject({ code: 0 });
      const sent = [...receiver.ids];
      expect(sent.length).toBeGreaterThan(0);
      const wanted = await contents(first);
      expect(wanted['exception_history']!.length).toBeGreaterThan(0);

      const second = join(folder, 'second');
      const start = ['run', '--config', config, '--port', '0', '--data', second, '--from-savepoint', 'mid'];
      // Twice: the second time the folder is there and goes on.
      for (const round of ['made', 'found']) {
        const after = startCommand(start, {});
        await settled(second);
        after.send('SIGTERM');
        expect(await after.exited).toMatchObject({ code: 0 });
        expect(after.output().includes('begins at savepoint "mid"')).toBe(round === 'made');
        expect(await contents(second)).toEqual(wanted);
        expect(receiver.ids).toEqual(sent);
      }
    } finally {
      receiver.close();
      await rm(folder, { recursive: true, force: true });
    }
  });
});
