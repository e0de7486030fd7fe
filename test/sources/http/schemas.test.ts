import { afterEach, describe, expect, it } from 'vitest';
import { recordSchemas } from '../../../sources/decoders/canonical/record-schemas.ts';
import { createAuth, type AuthOptions } from '../../../sources/http/auth.ts';
import { schemaRoutes } from '../../../sources/http/schemas.ts';
import { createServer, type Server } from '../../../sources/http/server.ts';

const servers: Server[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.drain(100);
});

const setUp = async (options: AuthOptions = {}) => {
  const auth = createAuth(options);
  const server = createServer({ host: '127.0.0.1', port: 0, auth });
  servers.push(server);
  await server.app.register(schemaRoutes({ auth }));
  await server.app.ready();
  return (url: string, key?: string) =>
    server.app.inject({
      url,
      headers: { host: 'localhost', ...(key === undefined ? {} : { authorization: `Bearer ${key}` }) },
    });
};

describe('GET /v1/schemas', () => {
  it('lists every type of record, with an address that gives its schema', async () => {
    const get = await setUp();
    const listed: { type: string; schema: string }[] = (await get('/v1/schemas')).json();
    expect(listed.map(({ type }) => type)).toEqual(Object.keys(recordSchemas));
    for (const { type, schema } of listed) {
      const answer = await get(schema);
      expect(answer.headers['content-type']).toBe('application/schema+json');
      expect(answer.json()).toMatchObject({ $id: schema, title: type, type: 'object' });
    }
  });

  it('names the types that there are to who asks for another', async () => {
    const get = await setUp();
    for (const type of ['pigeon', 'toString']) {
      const answer = await get(`/v1/schemas/${type}`);
      expect(answer.statusCode).toBe(404);
      expect(answer.json()).toMatchObject({ code: 'FW706' });
      expect(answer.json<{ message: string }>().message).toContain(
        `"${type}"; choose one of tracking, plan,`,
      );
    }
  });

  it('answers those who may send', async () => {
    const keys = [
      { name: 'tms', key: '${TMS_KEY}', scopes: ['ingest'] as const },
      { name: 'page', key: '${PAGE_KEY}', scopes: ['read'] as const },
    ];
    const get = await setUp({ keys, environment: { TMS_KEY: 'tms-secret', PAGE_KEY: 'page-secret' } });
    expect((await get('/v1/schemas', 'tms-secret')).statusCode).toBe(200);
    expect((await get('/v1/schemas/order', 'tms-secret')).statusCode).toBe(200);
    expect((await get('/v1/schemas', 'page-secret')).statusCode).toBe(403);
    expect((await get('/v1/schemas/order')).statusCode).toBe(401);
  });
});
