import { fastify } from 'fastify';
import { expect, it } from 'vitest';
import { previewRoutes } from '../../../runtime/wire/preview-routes.ts';
import { createAuth } from '../../../sources/http/auth.ts';
import { shippedTemplates } from '../../sinks/outbox/templates/templates-here.ts';

it('shows what a template says as a page that runs nothing, to whoever may look', async () => {
  const auth = createAuth({
    keys: [
      { name: 'desk', key: '${DESK}', scopes: ['read'] },
      { name: 'tms', key: '${TMS}', scopes: ['ingest'] },
    ],
    environment: { DESK: 'desk-key-of-some-length', TMS: 'tms-key-of-some-length' },
  });
  const app = fastify();
  await app.register(previewRoutes, {
    templates: () => shippedTemplates,
    zone: 'America/Chicago',
    requireScope: (scope) => auth.requireScope(scope),
  });
  const get = (url: string, key?: string) =>
    app.inject({ url, headers: key === undefined ? {} : { authorization: `Bearer ${key}` } });
  const desk = 'desk-key-of-some-length';

  const page = await get('/v1/templates/delay_expected/preview?language=es', desk);
  expect(page.statusCode).toBe(200);
  expect(page.headers['content-type']).toBe('text/html; charset=utf-8');
  expect(page.headers['content-security-policy']).toContain("default-src 'none'");
  expect(page.body).toContain('El envío SHIPMENT-1 llegará probablemente con retraso');
  const list = (await get('/v1/templates', desk)).json<{ name: string; languages: string[] }[]>();
  expect(list).toContainEqual({ name: 'delay_expected', languages: ['en', 'de', 'es'] });

  const missing = await get('/v1/templates/delay_expectd/preview', desk);
  expect(missing.statusCode).toBe(404);
  expect(missing.json()).toMatchObject({ code: 'FW711' });
  expect((await get('/v1/templates', 'tms-key-of-some-length')).statusCode).toBe(403);
  expect((await get('/v1/templates/delay_expected/preview')).statusCode).toBe(401);
  await app.close();
});
