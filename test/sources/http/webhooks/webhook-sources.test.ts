import { createHmac, createSign, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import { Webhook } from 'standardwebhooks';
import { createAuth } from '../../../../sources/http/auth.ts';
import { ingestRoutes } from '../../../../sources/http/ingest.ts';
import { createServer, type Server } from '../../../../sources/http/server.ts';
import {
  type WebhookOptions,
  type WebhookSettings,
  webhooksOf,
} from '../../../../sources/http/webhooks/webhook-sources.ts';
import { MemoryLog } from '../../../support/memory-log.ts';
import { repository } from '../../decoders/decoder-settings.ts';

const nowMs = Date.parse('2026-01-05T12:00:00Z');
const body = JSON.stringify({ object: 'Event', id: 'evt_1' });
const whsec = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;

const servers: Server[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.drain(100);
});

const noFetch: WebhookOptions['fetch'] = async () => {
  throw new Error('nobody may be asked');
};

const setUp = async (settings: WebhookSettings, fetch = noFetch) => {
  const log = new MemoryLog({ topics: { raw: 1 }, time: 'live' });
  const auth = createAuth({
    keys: [{ name: 'feeder', key: '${FEEDER}', scopes: ['ingest'] }],
    environment: { FEEDER: 'feeder-key' },
  });
  const server = createServer({ host: '127.0.0.1', port: 0, auth });
  servers.push(server);
  const refused: string[] = [];
  const clock = { now: nowMs };
  const webhooks = webhooksOf({
    sources: { parcels: settings },
    now: () => clock.now,
    fetch,
    onRefused: (source, why) => refused.push(`${source} ${why}`),
  });
  await server.app.register(ingestRoutes({ log, auth, webhooks }));
  await server.app.ready();
  const post = (headers: Record<string, string>, payload: string | Buffer = body, source = 'parcels') =>
    server.app.inject({
      method: 'POST',
      url: `/v1/ingest/${source}`,
      payload,
      headers: { host: 'localhost', 'content-type': 'application/json', ...headers },
    });
  return { log, post, refused, clock };
};

const hmac = (secret: string, encoding: 'hex' | 'base64', content: string | Buffer = body): string =>
  createHmac('sha256', secret).update(content).digest(encoding);

describe('EasyPost', () => {
  const settings = { scheme: 'easypost', secret: 's\u00e9cret' } as const;
  const signature = `hmac-sha256-hex=${hmac('s\u00e9cret'.normalize('NFKD'), 'hex')}`;

  it('takes what is signed, without an API key, and knows it again', async () => {
    const { log, post } = await setUp(settings);
    const first = await post({ 'x-hmac-signature': signature });
    expect(first.statusCode).toBe(202);
    expect(first.json()).toMatchObject({ duplicate: false });
    const again = await post({
      'x-hmac-signature': signature.toUpperCase().replace('HMAC-SHA256-HEX', 'hmac-sha256-hex'),
    });
    expect(again.json()).toMatchObject({ document: first.json().document, duplicate: true });
    expect(log.all('raw')).toHaveLength(1);
  });

  it('refuses a body that was changed, a secret that is another, and a signature that is none, and counts each', async () => {
    const { log, post, refused } = await setUp(settings);
    for (const [headers, payload, why] of [
      [{ 'x-hmac-signature': signature }, `${body} `, 'mismatch'],
      [{ 'x-hmac-signature': `hmac-sha256-hex=${hmac('s\u00e9cret', 'hex')}` }, body, 'mismatch'],
      [{ 'x-hmac-signature': 'hmac-sha256-hex=00' }, body, 'malformed'],
      [{}, body, 'unsigned'],
    ] as const) {
      const response = await post(headers, payload);
      expect(response.statusCode).toBe(401);
      expect(response.json()).toMatchObject({ code: 'FW712', message: expect.stringContaining(`(${why})`) });
      expect(response.body).not.toContain(settings.secret);
      expect(refused.at(-1)).toBe(`parcels ${why}`);
    }
    expect(refused).toHaveLength(4);
    expect(log.all('raw')).toEqual([]);
  });

  it('a key opens the source too, and a signature opens no other', async () => {
    const { post } = await setUp(settings);
    expect((await post({ authorization: 'Bearer feeder-key' })).statusCode).toBe(202);
    expect((await post({ authorization: 'Bearer wrong', 'x-hmac-signature': signature })).statusCode).toBe(
      401,
    );
    expect((await post({ 'x-hmac-signature': signature }, body, 'other')).json()).toMatchObject({
      code: 'FW703',
    });
  });

  const samples = `${repository}../shared/samples/webhooks/`;
  it.skipIf(!existsSync(samples))('agrees with the vector of its client libraries', async () => {
    const vector = JSON.parse(readFileSync(`${samples}easypost_hmac_vector.json`, 'utf8')) as {
      secret: string;
      hmac_signature: string;
    };
    // The file ends in a newline, which was not sent.
    const recorded = readFileSync(`${samples}easypost_event-body.json`, 'utf8').trimEnd();
    const { post } = await setUp({ scheme: 'easypost', secret: vector.secret });
    expect((await post({ 'x-hmac-signature': vector.hmac_signature }, recorded)).statusCode).toBe(202);
  });
});

describe('AfterShip', () => {
  it('takes base64 of the HMAC of the body, and nothing else', async () => {
    const { post, refused } = await setUp({ scheme: 'aftership', secret: 'after-secret' });
    const signature = hmac('after-secret', 'base64');
    expect((await post({ 'aftership-hmac-sha256': signature })).statusCode).toBe(202);
    expect((await post({ 'aftership-hmac-sha256': signature })).json()).toMatchObject({ duplicate: true });
    expect((await post({ 'aftership-hmac-sha256': hmac('other', 'base64') })).statusCode).toBe(401);
    expect((await post({ 'aftership-hmac-sha256': hmac('after-secret', 'hex') })).statusCode).toBe(401);
    expect(refused).toEqual(['parcels mismatch', 'parcels malformed']);
  });
});

describe('Standard Webhooks', () => {
  const settings: WebhookSettings = { scheme: 'standard', secret: whsec, toleranceSec: 300 };
  const headersAt = (at: number, id = 'msg_1', secret = whsec): Record<string, string> => ({
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(at / 1_000)),
    'webhook-signature': `v1a,AAAA ${new Webhook(secret).sign(id, new Date(at), body)}`,
  });

  it('takes what the library of the specification signs, and knows it again by its id', async () => {
    const { post } = await setUp(settings);
    expect((await post(headersAt(nowMs))).json()).toMatchObject({
      document: 'parcels/msg_1',
      duplicate: false,
    });
    expect((await post(headersAt(nowMs + 60_000))).json()).toMatchObject({
      document: 'parcels/msg_1',
      duplicate: true,
    });
  });

  it('refuses a time 301 s away either way, another id and another secret; 300 s is near enough', async () => {
    const { post, refused } = await setUp(settings);
    expect((await post(headersAt(nowMs - 300_000, 'edge'))).statusCode).toBe(202);
    const other = `whsec_${Buffer.alloc(32, 8).toString('base64')}`;
    for (const headers of [
      headersAt(nowMs - 301_000),
      headersAt(nowMs + 301_000),
      { ...headersAt(nowMs), 'webhook-id': 'msg_2' },
      { ...headersAt(nowMs), 'webhook-timestamp': String(nowMs / 1_000 + 1) },
      headersAt(nowMs, 'msg_1', other),
      { ...headersAt(nowMs), 'webhook-timestamp': 'now' },
    ])
      expect((await post(headers)).json()).toMatchObject({ code: 'FW712' });
    expect(refused.map((line) => line.slice('parcels '.length))).toEqual(
      'stale stale mismatch mismatch mismatch malformed'.split(' '),
    );
  });

  it('a secret that is none fails the start', async () => {
    await expect(setUp({ ...settings, secret: 'whsec_c2hvcnQ=' })).rejects.toThrow(
      'partners.parcels.webhook: the secret of Standard Webhooks must be',
    );
  });
});

describe('ShipEngine', () => {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2_048 });
  const settings: WebhookSettings = {
    scheme: 'shipengine',
    toleranceSec: 300,
    keysUrl: 'https://keys.example/jwks',
  };
  const jwksOf = (kid: string, key: KeyObject): string =>
    JSON.stringify({ keys: [{ ...key.export({ format: 'jwk' }), kid }] });
  const headersAt = (at: number, kid = 'k1'): Record<string, string> => {
    const timestamp = new Date(at).toISOString();
    return {
      'x-shipengine-rsa-sha256-signature': createSign('RSA-SHA256')
        .update(`${timestamp}.${body}`)
        .sign(privateKey, 'base64'),
      'x-shipengine-rsa-sha256-key-id': kid,
      'x-shipengine-timestamp': timestamp,
    };
  };

  it('asks the address for keys once a minute at most, and goes on with those it has while it does not answer', async () => {
    let asked = 0;
    let answer = (): Response => new Response(jwksOf('k1', publicKey));
    const { post, refused, clock } = await setUp(settings, async () => {
      asked += 1;
      return answer();
    });
    expect((await post(headersAt(nowMs))).statusCode).toBe(202);
    expect((await post(headersAt(nowMs + 1_000))).json()).toMatchObject({ duplicate: true });
    expect((await post(headersAt(nowMs, 'k2'))).statusCode).toBe(401);
    expect(asked).toBe(1);
    answer = () => new Response('', { status: 502 });
    clock.now = nowMs + 60_000;
    expect((await post(headersAt(clock.now, 'k2'))).statusCode).toBe(401);
    expect((await post(headersAt(clock.now))).statusCode).toBe(202);
    answer = () => new Response(jwksOf('k2', publicKey));
    clock.now = nowMs + 120_000;
    expect((await post(headersAt(clock.now, 'k2'))).statusCode).toBe(202);
    expect(asked).toBe(3);
    expect(refused).toEqual(['parcels unknown_key', 'parcels unknown_key']);
  });

  it('without any key it cannot judge: 503, so that the sender sends again', async () => {
    for (const answer of [new Response('', { status: 502 }), new Response('<html>')]) {
      const { post } = await setUp(settings, async () => answer);
      const response = await post(headersAt(nowMs));
      expect(response.statusCode).toBe(503);
      expect(response.json()).toMatchObject({ code: 'FW713' });
    }
  });

  it('refuses what is old before it asks for any key, and a body that was changed', async () => {
    const { post, refused } = await setUp(settings);
    expect((await post(headersAt(nowMs - 301_000))).statusCode).toBe(401);
    const known = await setUp(settings, async () => new Response(jwksOf('k1', publicKey)));
    expect((await known.post(headersAt(nowMs), `${body}\n`)).statusCode).toBe(401);
    expect([...refused, ...known.refused]).toEqual(['parcels stale', 'parcels mismatch']);
  });
});
