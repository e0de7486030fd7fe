import { get } from 'node:http';
import fastify from 'fastify';
import { expect, it, onTestFinished } from 'vitest';
import { createVisits, visited } from '../../console/visits.ts';
import { until } from '../support/until.ts';

it('counts who looks until long after the last one has gone, and lets questions wait for the board', async () => {
  let now = 0;
  const visits = createVisits({ now: () => now }, 1_000);
  let shown = 0;
  const app = fastify();
  onTestFinished(() => app.close());
  await app.register(
    visited(
      visits,
      async () => void (shown += 1),
      async (page) => {
        page.get('/', async () => 'page');
        page.get('/v1/exceptions', async () => ({ shown }));
        page.get('/v1/stream', async (_request, reply) => {
          reply.hijack();
          reply.raw.write('first');
        });
      },
    ),
  );
  app.get('/metrics', async () => 'figures');
  await app.listen({ port: 0, host: '127.0.0.1' });
  const { port } = app.server.address() as { readonly port: number };
  const url = `http://127.0.0.1:${port}`;

  await fetch(`${url}/metrics`);
  expect(visits.any).toBe(false);
  await fetch(url);
  expect([visits.any, shown]).toEqual([true, 0]);
  now = 1_001;
  await until('the page has been left for long', () => !visits.any);
  expect(await (await fetch(`${url}/v1/exceptions`)).json()).toEqual({ shown: 1 });
  const stream = get(`${url}/v1/stream`);
  await new Promise((resolve) => stream.once('response', (answer) => answer.once('data', resolve)));
  now = 50_000;
  // However long it is open.
  expect(visits.any).toBe(true);
  stream.destroy();
  await until('the stream has ended', () => {
    now += 1_001;
    return !visits.any;
  });
});
