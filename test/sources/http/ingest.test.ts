import { request as httpRequest } from 'node:http';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants, deflateSync, gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { ForewarnError } from '../../../runtime/forewarn-error.ts';
import { documentTypes } from '../../../sources/decoders/content-type.ts';
import { createAuth, type AuthOptions } from '../../../sources/http/auth.ts';
import { ingestRoutes, type IngestOptions } from '../../../sources/http/ingest.ts';
import { createServer, type Server } from '../../../sources/http/server.ts';
import { MemoryLog } from '../../support/memory-log.ts';

const isa =
  'ISA*00*          *00*          *02*SAIA           *ZZ*ACME           *260105*1200*U*00401*000000042*0*P*>~';
const interchange = `${isa}GS*QM*SAIA*ACME*20260105*1200*42*X*004010~GE*0*42~IEA*1*000000042~`;

const servers: Server[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.drain(100);
});

const setUp = async (options: Partial<IngestOptions> & { auth_?: AuthOptions } = {}) => {
  const log = new MemoryLog({ topics: { raw: 4 }, time: options.recordedTime ? 'recorded' : 'live' });
  const auth = createAuth(options.auth_ ?? {});
  const server = createServer({ host: '127.0.0.1', port: 0, auth });
  servers.push(server);
  await server.app.register(ingestRoutes({ log, auth, ...options }));
  await server.app.ready();
  const post = (
    source: string,
    body: string | Buffer,
    headers: Record<string, string> = { 'content-type': 'application/json' },
  ) =>
    server.app.inject({
      method: 'POST',
      url: `/v1/ingest/${source}`,
      payload: body,
      headers: { host: 'localhost', ...headers },
    });
  return { log, server, post };
};

describe('POST /v1/ingest/:source', () => {
  it('takes the bytes as they are and answers with their place in the log', async () => {
    const { log, post } = await setUp();
    const bytes = Buffer.from([0x7b, 0x00, 0xff, 0x0d, 0x0a]);
    const response = await post('saia-214', bytes, { 'content-type': 'application/json; charset=latin1' });
    expect(response.statusCode).toBe(202);
    const [record] = log.all('raw');
    expect(response.json()).toEqual({
      document: `raw/${log.partitionFor('raw', 'saia-214')}/0`,
      partition: log.partitionFor('raw', 'saia-214'),
      offset: 0,
      heardAt: record!.heardAt,
      duplicate: false,
    });
    expect(Buffer.from(record!.value)).toEqual(bytes);
    expect(record).toMatchObject({
      key: 'saia-214',
      headers: { contentType: 'application/json', source: 'saia-214', via: 'http' },
    });
    expect(record!.headers).not.toHaveProperty('documentId');
  });

  it('answers only once the document is durable', async () => {
    const { log, post } = await setUp();
    let makeDurable: () => void = () => undefined;
    log.delayAppends = () => new Promise((resolve) => (makeDurable = resolve));
    let isAnswered = false;
    const answer = post('a', '{}').then((response) => {
      isAnswered = true;
      return response;
    });
    for (let turn = 0; turn < 50; turn++) await new Promise((resolve) => setImmediate(resolve));
    expect(isAnswered).toBe(false);
    makeDurable();
    expect((await answer).statusCode).toBe(202);
  });

  it.each(['webhook-id', 'idempotency-key'])(
    'recognises a document by its %s, for each source by itself',
    async (header) => {
      const { log, post } = await setUp();
      const headers = { 'content-type': 'application/json', [header]: 'm-1' };
      const first = (await post('a', '{"n":1}', headers)).json();
      const again = (await post('a', '{"n":1}', headers)).json();
      expect(first).toMatchObject({ document: 'a/m-1', duplicate: false });
      expect(again).toEqual({ ...first, duplicate: true });
      expect((await post('b', '{"n":1}', headers)).json()).toMatchObject({ duplicate: false });
      expect(log.all('raw').map((record) => record.headers['documentId'])).toEqual(
        expect.arrayContaining(['a/m-1', 'b/m-1']),
      );
    },
  );

  it('never drops equal content alone', async () => {
    const { log, post } = await setUp();
    for (let n = 0; n < 3; n++)
      expect((await post('a', '{"n":1}')).json()).toMatchObject({ duplicate: false });
    expect(log.all('raw')).toHaveLength(3);
  });

  it('recognises an interchange by its ISA, and only a re-sent one', async () => {
    const { post } = await setUp();
    const x12 = { 'content-type': 'application/edi-x12' };
    const first = (await post('saia', interchange, x12)).json();
    expect(first.document).toMatch(/^saia\/isa:02:SAIA:260105:1200:000000042:[0-9a-f]{16}$/);
    expect((await post('saia', interchange, x12)).json()).toEqual({ ...first, duplicate: true });
    const sameNumber = interchange.replace('GS*QM', 'GS*QX');
    expect((await post('saia', sameNumber, x12)).json()).toMatchObject({ duplicate: false });
    expect((await post('saia', interchange, { ...x12, 'webhook-id': 'w' })).json()).toMatchObject({
      document: 'saia/w',
      duplicate: false,
    });
  });

  it.each([
    ['no-such-type', 'image/png', 415, 'FW405'],
    ['Upper', 'application/json', 400, 'FW701'],
    ['a%2Fb', 'application/json', 400, 'FW701'],
    ['x'.repeat(65), 'application/json', 400, 'FW701'],
  ])('source %s with type %s: %i', async (source, type, status, code) => {
    const { log, post } = await setUp();
    const response = await post(source, '{}', { 'content-type': type });
    expect(response.statusCode).toBe(status);
    expect(response.headers['content-type']).toBe('application/problem+json');
    expect(response.json()).toMatchObject({ status, code });
    expect(log.all('raw')).toEqual([]);
  });

  it('names the types that it knows, and misses none', async () => {
    const { post } = await setUp();
    expect((await post('a', '{}', { 'content-type': 'image/png' })).json().message).toBe(
      `FW405 content type "image/png" is not one of ${documentTypes.join(', ')}`,
    );
    expect(documentTypes).toEqual(expect.arrayContaining(['application/json', 'application/edi-x12']));
    expect((await post('a', '{}', {})).statusCode).toBe(415);
  });

  it('takes a label that says nothing where the content tells, or the setting of the source', async () => {
    const { log, post } = await setUp({ formatSet: (source) => (source === 'tower' ? 'metar' : undefined) });
    const as = async (source: string, type: string, body: string) =>
      (await post(source, body, { 'content-type': type })).statusCode;
    for (const type of ['text/plain', 'application/octet-stream', 'application/EDI-Consent'])
      expect(await as('saia', type, interchange)).toBe(202);
    expect(log.all('raw')).toHaveLength(1);
    expect(await as('tower', 'text/plain', 'KORD 270851Z 36015G25KT 10SM')).toBe(202);
    expect(await as('office', 'text/plain', 'dear all')).toBe(415);
    expect((await post('office', 'a;b', { 'content-type': 'text/plain' })).json().message).toContain(
      'set partners.office.format',
    );
  });

  it.each([
    ['gzip', gzipSync],
    ['x-gzip', gzipSync],
    ['deflate', deflateSync],
    ['br', brotliCompressSync],
  ])('keeps what came packed as %s unpacked', async (coding, pack) => {
    const { log, post } = await setUp();
    const headers = { 'content-type': 'application/edi-x12', 'content-encoding': coding };
    expect((await post('a', pack(interchange), headers)).json().document).toContain('isa:02:SAIA');
    expect(Buffer.from(log.all('raw')[0]!.value).toString()).toBe(interchange);
    const cut = await post('a', pack(interchange).subarray(0, 12), headers);
    expect([cut.statusCode, cut.json().code]).toEqual([400, 'FW701']);
    expect(log.all('raw')).toHaveLength(1);
  });

  it('refuses a bomb without unpacking more of it than may come, and what it cannot unpack', async () => {
    const { log, post } = await setUp({ bodyLimitBytes: 1 << 20 });
    const packed = (coding: string) => ({ 'content-type': 'application/json', 'content-encoding': coding });
    const zeros = Buffer.alloc(64 << 20, ' ');
    const before = process.memoryUsage().arrayBuffers;
    const quick = { params: { [constants.BROTLI_PARAM_QUALITY]: 1 } };
    for (const [coding, bytes] of [
      ['gzip', gzipSync(zeros, { level: 1 })],
      ['br', brotliCompressSync(zeros, quick)],
    ] as const) {
      const bomb = await post('a', bytes, packed(coding));
      expect([bomb.statusCode, bomb.json().code]).toEqual([413, 'FW702']);
    }
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(32 << 20);
    for (const coding of ['zstd', 'gzip, gzip', 'constructor'])
      expect((await post('a', '{}', packed(coding))).statusCode).toBe(415);
    expect(log.all('raw')).toEqual([]);
  });

  it('refuses what is too large, empty, or badly named', async () => {
    const { log, post } = await setUp({ bodyLimitBytes: 100 });
    const tooLarge = await post('a', 'x'.repeat(101));
    expect([tooLarge.statusCode, tooLarge.json().code]).toEqual([413, 'FW702']);
    expect((await post('a', '')).statusCode).toBe(400);
    const json = { 'content-type': 'application/json' };
    expect((await post('a', '{}', { ...json, 'webhook-id': 'a b' })).statusCode).toBe(400);
    expect((await post('a', '{}', { ...json, 'webhook-id': 'x'.repeat(201) })).statusCode).toBe(400);
    expect(log.all('raw')).toEqual([]);
    expect((await post('a', 'x'.repeat(100))).statusCode).toBe(202);
  });

  it('says when to come again while the line is full, and when it stops', async () => {
    let draining = false;
    const { log, post } = await setUp({ draining: () => draining });
    log.failAppends = () => new ForewarnError('FW310', 'the line is full');
    const full = await post('a', '{}');
    expect([full.statusCode, full.headers['retry-after'], full.json().code]).toEqual([429, '1', 'FW310']);
    draining = true;
    const stopping = await post('a', '{}');
    expect([stopping.statusCode, stopping.headers['retry-after']]).toEqual([503, '5']);
  });

  it('keeps to itself what went wrong inside', async () => {
    const { log, post } = await setUp();
    log.failAppends = () => new Error('secret detail');
    const response = await post('a', '{}');
    expect(response.statusCode).toBe(500);
    expect(response.json()).toMatchObject({ code: 'internal' });
    expect(response.body).not.toContain('secret detail');
  });

  it('takes the log time of recorded input only where it is recorded', async () => {
    const headers = { 'content-type': 'application/json', 'x-forewarn-heard-at': '1767225600000' };
    const recorded = await setUp({ recordedTime: true });
    expect((await recorded.post('a', '{}', headers)).json()).toMatchObject({ heardAt: 1_767_225_600_000 });
    const bad = { ...headers, 'x-forewarn-heard-at': 'yesterday' };
    expect((await recorded.post('a', '{}', bad)).statusCode).toBe(400);
    const live = await setUp();
    expect((await live.post('a', '{}', headers)).statusCode).toBe(400);
    expect(live.log.all('raw')).toEqual([]);
  });

  it('validates on demand, and takes the document all the same', async () => {
    const { log, post } = await setUp({
      validate: ({ bytes }) =>
        Buffer.from(bytes)
          .toString()
          .split('\n')
          .map((line, position) =>
            line === 'bad'
              ? { position, ok: false, type: 'unknown', code: 'FW402', reason: 'no shipment' }
              : { position, ok: true, type: 'tracking-event', id: line },
          ),
    });
    const type = { 'content-type': 'application/x-ndjson' };
    const response = await post('a?validate=true', 'one\nbad', type);
    expect(response.statusCode).toBe(200);
    expect(response.json()).toMatchObject({
      offset: 0,
      duplicate: false,
      failed: 1,
      note: 'taken; 1 of 2 records will be dead letters',
      records: [
        { position: 0, ok: true, id: 'one' },
        { position: 1, ok: false, code: 'FW402', reason: 'no shipment' },
      ],
    });
    expect(log.all('raw')).toHaveLength(1);
  });

  it('needs a key with the scope ingest once keys are configured', async () => {
    const { post } = await setUp({
      auth_: {
        keys: [
          { name: 'saia', key: '${SAIA}', scopes: ['ingest'] },
          { name: 'desk', key: '${DESK}', scopes: ['approve', 'read'] },
        ],
        environment: { SAIA: 'saia-key', DESK: 'desk-key' },
      },
    });
    const type = { 'content-type': 'application/json' };
    const statuses = await Promise.all(
      [undefined, 'Bearer nobody', 'Bearer desk-key', 'Bearer saia-key'].map(async (authorization) => {
        const headers = authorization === undefined ? type : { ...type, authorization };
        return (await post('a', '{}', headers)).statusCode;
      }),
    );
    expect(statuses).toEqual([401, 401, 403, 202]);
  });

  const samples = join(import.meta.dirname, '../../../../shared/samples/x12-214');
  const hasSamples = existsSync(samples);
  if (!hasSamples) console.warn('skipped: ../shared/samples/x12-214 is not there');
  it.skipIf(!hasSamples)('reads the sender’s id of every real X12 214', async () => {
    const { post } = await setUp();
    const files = readdirSync(samples, { recursive: true, encoding: 'utf8' }).filter((name) =>
      name.endsWith('.edi'),
    );
    expect(files.length).toBeGreaterThan(0);
    for (const name of files) {
      const bytes = readFileSync(join(samples, name));
      const answer = await post('real', bytes, { 'content-type': 'application/edi-x12' });
      expect(answer.json().document, name).toMatch(/^real\/isa:/);
    }
  });
});

describe('server', () => {
  const slowPost = (address: string) => {
    const sending = httpRequest(`${address}/v1/ingest/a`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
    });
    const status = new Promise<number>((resolve, reject) => {
      sending.on('response', (response) => {
        response.resume();
        resolve(response.statusCode ?? 0);
      });
      sending.on('error', reject);
    });
    return { sending, status };
  };

  it('lets a request that runs finish when it drains, and takes no new one', async () => {
    const { log, server } = await setUp();
    const address = await server.listen();
    let makeDurable: () => void = () => undefined;
    const isAppending = new Promise<void>((appending) => {
      log.delayAppends = () =>
        new Promise((resolve) => {
          makeDurable = resolve;
          appending();
        });
    });
    const { sending, status } = slowPost(address);
    sending.end('{}');
    await isAppending;
    const drained = server.drain(20_000);
    await expect(fetch(`${address}/v1/ingest/a`, { method: 'POST', body: '{}' })).rejects.toThrow();
    makeDurable();
    expect(await status).toBe(202);
    await drained;
    expect(log.all('raw')).toHaveLength(1);
  });

  it('does not wait for ever for a request that never ends', async () => {
    const { server } = await setUp();
    const address = await server.listen();
    const { sending, status } = slowPost(address);
    const arrived = new Promise((resolve) => server.app.server.once('request', resolve));
    sending.write('{');
    const failed = expect(status).rejects.toThrow();
    await arrived;
    await server.drain(50);
    await failed;
  });

  it('answers an unknown address with a problem', async () => {
    const { server } = await setUp();
    const response = await server.app.inject({ method: 'GET', url: '/nowhere' });
    expect(response.statusCode).toBe(404);
    expect(response.json()).toMatchObject({ code: 'FW706', message: 'FW706 nothing answers GET /nowhere' });
  });

  it('refuses to open itself to other machines without API keys', () => {
    expect(() => createServer({ host: '0.0.0.0', port: 0, auth: createAuth() })).toThrow('FW101');
    const sha256 = '0'.repeat(64);
    const auth = createAuth({ keys: [{ name: 'a', sha256, scopes: ['read'] }] });
    expect(() => createServer({ host: '0.0.0.0', port: 0, auth })).not.toThrow();
  });
});
