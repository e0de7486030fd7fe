import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ForewarnError } from '../../../runtime/forewarn-error.ts';
import { createPoller, type PollerOptions } from '../../../sources/poll/poller.ts';
import { MemoryLog } from '../../support/memory-log.ts';

/** A server of one document, with the headers of each request that it got. */
let server: Server;
let url: string;
let asked: IncomingHttpHeaders[];
let answer: (response: ServerResponse, headers: IncomingHttpHeaders) => void;
let folder: string;
let log: MemoryLog;
let problems: unknown[];
let results: string[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'poll-'));
  log = new MemoryLog({ topics: { raw: 2 } });
  [asked, problems, results] = [[], [], []];
  server = createServer((request, response) => {
    asked.push(request.headers);
    answer(response, request.headers);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/alerts`;
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => {
    server.close(resolve);
  });
  await rm(folder, { recursive: true, force: true });
});

const create = (options: Partial<PollerOptions> = {}) =>
  createPoller({
    source: 'nws',
    url,
    everyMs: 120_000,
    headers: { 'User-Agent': '(example.com, ops@example.com)' },
    timeoutMs: 10_000,
    maxBytes: 1_000,
    memory: join(folder, 'poll', 'nws.json'),
    log,
    contentTypeOf: (said) => said,
    onResult: (result, bytes) => results.push(`${result} ${bytes}`),
    onProblem: (error) => problems.push(error),
    ...options,
  });

/** Gives a body under a tag as a server does that knows both. */
const giving =
  (body: string, tag: string): typeof answer =>
  (response, headers) => {
    if (headers['if-none-match'] === tag) response.writeHead(304, { etag: tag }).end();
    else response.writeHead(200, { etag: tag, 'content-type': 'application/geo+json' }).end(body);
  };

const bodies = (): string[] => log.all('raw').map(({ value }) => Buffer.from(value).toString());

describe('a poller', () => {
  it('takes a document once, asks only for what has changed, and counts a 304 as a sign of life', async () => {
    const poller = create();
    answer = giving('one', '"1"');
    expect(await poller.poll()).toBe('taken');
    expect(await poller.poll()).toBe('unchanged');
    expect(asked.map((headers) => headers['if-none-match'])).toEqual([undefined, '"1"']);
    expect(asked[0]?.['user-agent']).toBe('(example.com, ops@example.com)');
    expect(results).toEqual(['taken 3', 'unchanged 0']);
    answer = giving('two', '"2"');
    expect(await poller.poll()).toBe('taken');
    expect(bodies()).toEqual(['one', 'two']);
    expect(problems).toEqual([]);
  });

  it('asks by the time of the last change where there is no tag', async () => {
    const lastModified = 'Mon, 02 Jun 2025 12:00:00 GMT';
    answer = (response) => response.writeHead(200, { 'last-modified': lastModified }).end('one');
    const poller = create();
    await poller.poll();
    await poller.poll();
    expect(asked[1]?.['if-modified-since']).toBe(lastModified);
  });

  it('does not take the same body twice where the server knows no conditions', async () => {
    answer = (response) => response.writeHead(200).end('one');
    const poller = create();
    expect([await poller.poll(), await poller.poll()]).toEqual(['taken', 'unchanged']);
    expect(bodies()).toEqual(['one']);
  });

  it('takes a document anew that has gone back to what it was', async () => {
    const poller = create();
    for (const body of ['open', 'closed', 'open']) {
      answer = (response) => response.writeHead(200).end(body);
      expect(await poller.poll()).toBe('taken');
    }
    expect(bodies()).toEqual(['open', 'closed', 'open']);
  });

  it('knows after a restart what it had, and the log recognises what a crash before that made it append again', async () => {
    answer = giving('one', '"1"');
    await create().poll();
    expect(await create().poll()).toBe('unchanged');
    // The process died after the append, before it was written down.
    await rm(join(folder, 'poll'), { recursive: true });
    expect(await create().poll()).toBe('taken');
    expect(bodies()).toEqual(['one']);
    await writeFile(join(folder, 'poll', 'nws.json'), '{"etag":');
    await create().poll();
    expect(bodies()).toEqual(['one']);
  });

  it('asks again for the whole when the log did not take it', async () => {
    answer = giving('one', '"1"');
    let isDown = true;
    const failing: PollerOptions['log'] = {
      append: (...given) =>
        isDown ? Promise.reject(new ForewarnError('FW302', 'the disk is full')) : log.append(...given),
    };
    const poller = create({ log: failing });
    expect(await poller.poll()).toBe('failed');
    isDown = false;
    expect(await poller.poll()).toBe('taken');
    expect(bodies()).toEqual(['one']);
  });

  it.each([
    [503, {}, /FW416 .*answers 503/],
    [302, { location: 'http://elsewhere.example/' }, /answers 302 and names http:\/\/elsewhere\.example\//],
    [401, {}, /answers 401; check the address and the headers/],
  ])('says that the server answers %s, and takes nothing', async (status, headers, why) => {
    answer = (response) => response.writeHead(status, headers).end('no');
    expect(await create().poll()).toBe('failed');
    expect(String(problems[0])).toMatch(why);
    expect(bodies()).toEqual([]);
  });

  it('breaks off what is too large, too slow, or cut short', async () => {
    answer = (response) => response.writeHead(200).end('x'.repeat(1_001));
    expect(await create().poll()).toBe('failed');
    answer = () => undefined;
    expect(await create({ timeoutMs: 50 }).poll()).toBe('failed');
    answer = (response) => {
      response.writeHead(200, { 'content-length': 100 }).write('half');
      setImmediate(() => response.destroy());
    };
    expect(await create().poll()).toBe('failed');
    expect(problems.map(String)).toEqual([
      expect.stringContaining('more than 1000 bytes'),
      expect.stringContaining('no answer within 0.05 s'),
      expect.stringContaining('FW416'),
    ]);
    expect(bodies()).toEqual([]);
  });

  it('comes back at its interval, sooner after a failure and never sooner than the server asks', async () => {
    const waits: number[] = [];
    let next: (() => void) | undefined;
    const poller = create({
      random: () => 0.5,
      later: (call, afterMs) => {
        waits.push(afterMs);
        next = call;
        return () => undefined;
      },
    });
    const round = async (call: () => void): Promise<void> => {
      const before = waits.length;
      call();
      await expect.poll(() => waits.length).toBe(before + 1);
    };
    answer = giving('one', '"1"');
    await round(() => poller.start());
    answer = (response) => response.writeHead(500).end();
    await round(() => next?.());
    await round(() => next?.());
    answer = (response) => response.writeHead(429, { 'retry-after': '300' }).end();
    await round(() => next?.());
    answer = giving('one', '"1"');
    await round(() => next?.());
    expect(waits).toEqual([120_000, 3_750, 7_500, 300_000, 120_000]);
    await poller.stop();
  });

  it('breaks off its request when it is stopped, and says no word of it', async () => {
    answer = () => undefined;
    const poller = create();
    poller.start();
    await expect.poll(() => asked.length).toBe(1);
    await poller.stop();
    expect(problems).toEqual([]);
  });
});
