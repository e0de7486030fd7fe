import { createHash } from 'node:crypto';
import Fastify from 'fastify';
import { describe, expect, it } from 'vitest';
import { createAuth, type AuthOptions } from '../../../sources/http/auth.ts';
import { problem } from '../../../sources/http/problem.ts';

const sha256 = (key: string) => createHash('sha256').update(key).digest('hex');
const deskKey = { name: 'desk', sha256: sha256('desk-key'), scopes: ['approve', 'read'] as const };

const ask = async (
  options: AuthOptions,
  request: { headers?: Record<string, string>; remoteAddress?: string },
) => {
  const auth = createAuth(options);
  const app = Fastify();
  app.setErrorHandler(problem);
  app.get('/', { onRequest: auth.requireScope('approve') }, async (asked) => auth.callerOf(asked));
  const response = await app.inject({
    url: '/',
    headers: { host: 'localhost:8080', ...request.headers },
    remoteAddress: request.remoteAddress ?? '127.0.0.1',
  });
  await app.close();
  type Body = { name?: string; code?: string; roles?: readonly string[]; onBehalf?: boolean };
  return { status: response.statusCode, body: response.json() as Body };
};

describe('auth without keys', () => {
  it.each(['127.0.0.1', '127.8.8.8', '::1', '::ffff:127.0.0.1'])(
    'lets this machine in: %s',
    async (address) => {
      expect(await ask({}, { remoteAddress: address })).toMatchObject({
        status: 200,
        body: { name: 'local' },
      });
    },
  );

  it.each(['10.0.0.1', '::ffff:10.0.0.1', '1.127.0.0', '2001:db8::1'])(
    'keeps others out: %s',
    async (address) => {
      expect(await ask({}, { remoteAddress: address })).toMatchObject({
        status: 403,
        body: { code: 'FW704' },
      });
    },
  );

  it.each([
    ['a proxy on this machine', { 'x-forwarded-for': '10.0.0.1' }],
    ['a page whose name was re-bound', { host: 'evil.example:8080' }],
    ['a page of another origin', { origin: 'https://evil.example' }],
  ])('keeps out %s', async (_who, headers) => {
    expect((await ask({}, { headers })).status).toBe(403);
  });

  it('lets our own page in', async () => {
    expect((await ask({}, { headers: { origin: 'http://localhost:8080' } })).status).toBe(200);
  });
});

describe('auth with keys', () => {
  const keys = [deskKey, { name: 'feed', key: '${FEED}', scopes: ['ingest'] as const }];
  const environment = { FEED: 'feed-key' };

  it.each([
    ['Bearer desk-key', 200],
    ['bearer desk-key', 200],
    ['Bearer feed-key', 403],
    ['Bearer desk-ke', 401],
    ['Basic desk-key', 401],
    ['desk-key', 401],
    ['', 401],
  ])('"%s" → %i, from anywhere', async (authorization, status) => {
    for (const remoteAddress of ['127.0.0.1', '10.0.0.1']) {
      const answer = await ask({ keys, environment }, { headers: { authorization }, remoteAddress });
      expect(answer.status).toBe(status);
      if (status === 200) expect(answer.body.name).toBe('desk');
    }
  });

  it('trusts this machine besides only where that is configured, and never a wrong key', async () => {
    const trusting = { keys, environment, trustLoopback: true };
    expect((await ask({ keys, environment }, {})).status).toBe(401);
    expect((await ask(trusting, {})).status).toBe(200);
    expect((await ask(trusting, { remoteAddress: '10.0.0.1' })).status).toBe(401);
    expect((await ask(trusting, { headers: { authorization: 'Bearer wrong' } })).status).toBe(401);
  });

  it('tells as what a key may decide, and whether for others', async () => {
    const portal = {
      ...deskKey,
      name: 'portal',
      sha256: sha256('portal-key'),
      roles: ['planner', 'claims'],
      onBehalf: true,
    };
    const callerOf = async (key: string) =>
      (await ask({ keys: [deskKey, portal] }, { headers: { authorization: `Bearer ${key}` } })).body;
    expect(await callerOf('desk-key')).toMatchObject({ name: 'desk', roles: ['*'], onBehalf: false });
    expect(await callerOf('portal-key')).toMatchObject({
      name: 'portal',
      roles: ['planner', 'claims'],
      onBehalf: true,
    });
    expect((await ask({}, {})).body).toMatchObject({ name: 'local', roles: ['*'], onBehalf: true });
  });

  it.each([
    [{ name: 'k', scopes: ['read'] as const }, 'FW101 api key "k" needs exactly one of sha256 and key'],
    [
      { name: 'k', sha256: 'abc', scopes: ['read'] as const },
      'FW101 api key "k": sha256 is not 64 hex digits',
    ],
    [{ name: 'k', key: 'plain', scopes: ['read'] as const }, 'FW101 api key "k": key must be a reference'],
    [
      { name: 'k', key: '${GONE}', scopes: ['read'] as const },
      'FW107 api key "k": environment variable GONE',
    ],
  ])('refuses at start: %j', (key, message) => {
    expect(() => createAuth({ keys: [key], environment: {} })).toThrow(message);
  });
});
