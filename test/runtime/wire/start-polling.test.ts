import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { pollSettings } from '../../../runtime/config/poll-settings.ts';
import { createMetrics } from '../../../runtime/metrics/metrics.ts';
import { startPolling } from '../../../runtime/wire/start-polling.ts';
import { MemoryLog } from '../../support/memory-log.ts';

let server: Server;
let folder: string;
let base: string;
const documents: Readonly<Record<string, readonly [type: string, body: string]>> = {
  '/alerts': ['application/geo+json', '{"type":"FeatureCollection","features":[]}'],
  '/metar': ['application/x-odd', 'KDCA 021152Z 28008KT 10SM 07/M01 A3010'],
  '/page': ['text/html', '<html></html>'],
  '/cap': ['text/plain', '<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2"></alert>'],
};

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'polling-'));
  server = createServer(({ url = '' }, response) => {
    const [type, body] = documents[url] ?? ['text/plain', ''];
    response.writeHead(documents[url] === undefined ? 404 : 200, { 'content-type': type }).end(body);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => {
    server.close(resolve);
  });
  await rm(folder, { recursive: true, force: true });
});

describe('polling, as it is configured', () => {
  it('asks for each document under its source, labels it, and counts what came of it', async () => {
    const log = new MemoryLog({ topics: { raw: 2 } });
    const metrics = createMetrics({ processMetrics: false });
    const notes: string[] = [];
    const settings = Object.fromEntries(
      [...Object.keys(documents), '/nowhere'].map((path) => [
        path.slice(1),
        pollSettings.parse({
          url: base + path,
          ...(path === '/cap' ? { contentType: 'application/cap+xml' } : {}),
        }),
      ]),
    );
    const stop = startPolling({
      settings,
      folder: join(folder, 'poll'),
      maxBytes: 1_000,
      log,
      metrics,
      note: (line) => notes.push(line),
    });
    await expect.poll(() => log.all('raw').length + notes.length, { timeout: 10_000 }).toBe(5);
    const labels = Object.fromEntries(
      log.all('raw').map(({ key, headers }) => [key, headers['contentType']]),
    );
    expect(labels).toEqual({
      alerts: 'application/geo+json',
      metar: 'text/plain',
      page: 'text/html',
      cap: 'application/cap+xml',
    });
    expect(notes).toEqual([expect.stringMatching(/^poll nowhere: FW416 .*answers 404/)]);
    await expect
      .poll(() => metrics.text(), { timeout: 10_000 })
      .toMatch(/forewarn_polls_total\{source="metar",result="taken"\} 1/);
    const text = await metrics.text();
    expect(text).toMatch(/forewarn_polls_total\{source="nowhere",result="failed"\} 1/);
    expect(text).toMatch(/forewarn_polls_total\{source="alerts",result="unchanged"\} 0/);
    await stop();
  });
});
