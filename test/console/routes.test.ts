import { existsSync } from 'node:fs';
import { join } from 'node:path';
import fastify, { type FastifyInstance } from 'fastify';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Board } from '../../console/board.ts';
import type { DecisionRequest } from '../../console/decisions.ts';
import type { BoardView } from '../../console/page/contract.ts';
import { packageRoot, rootAbove } from '../../runtime/package-root.ts';
import { type ConsoleScope, consoleRoutes } from '../../console/routes.ts';
import { ForewarnError } from '../../runtime/forewarn-error.ts';
import { anAction, anException } from './rows.ts';

const refusal = { by: 'Dana', reason: 'too_costly' };

describe('console routes', () => {
  let app: FastifyInstance;
  let board: Board;
  let decided: DecisionRequest[];
  let fail: Error | undefined;
  let scopes: ConsoleScope[];

  beforeEach(async () => {
    app = fastify();
    board = new Board();
    decided = [];
    fail = undefined;
    scopes = ['read', 'approve'];
    board.applyException(anException());
    board.applyException(anException({ id: 'x2', state: 'closed' }));
    board.applyAction(anAction({ state: 'awaiting_approval', authority: 'approve' }));
    board.applyAction(anAction({ id: 'done', state: 'sent' }));
    await app.register(consoleRoutes, {
      board,
      progress: () => ({
        at: 0,
        recordsPerSec: 1,
        openShipments: 2,
        exceptions: 3,
        actions: 4,
        outcomes: 5,
        watermarkLagSec: 6,
      }),
      requireScope: (scope) => async () => {
        if (!scopes.includes(scope)) throw new ForewarnError('FW704', `scope ${scope} is missing`);
      },
      callerOf: () => ({ name: 'local', roles: ['*'], onBehalf: true }),
      decide: async (request) => {
        if (fail !== undefined) throw fail;
        decided.push(request);
        return { id: `d${decided.length}` };
      },
      stream: { flushEveryMs: 5 },
    });
  });
  afterEach(() => app.close());

  const post = (url: string, payload: object = { by: 'Dana' }) =>
    app.inject({ method: 'POST', url, payload });

  it('lists open ones, or all, within a limit', async () => {
    const open = (await app.inject('/v1/exceptions')).json<BoardView>();
    expect(open.rows.map(({ exception }) => exception.id)).toEqual(['x1']);
    expect(open.recent).toEqual([]);
    expect(open.totals.waiting).toBe(1);
    const all = (await app.inject('/v1/exceptions?state=all&limit=5')).json<BoardView>();
    expect(all.recent.map(({ exception }) => exception.id)).toEqual(['x2']);
    expect((await app.inject('/v1/exceptions?limit=0')).statusCode).toBe(400);
    expect((await app.inject('/v1/exceptions?state=odd')).statusCode).toBe(400);
  });

  it('pages through the events of a shipment, and refuses what is no page', async () => {
    const asked: unknown[] = [];
    const other = fastify();
    await other.register(consoleRoutes, {
      board,
      decide: async () => ({ id: 'd1' }),
      progress: () => {
        throw new Error('nobody asks');
      },
      requireScope: (scope) => async () => {
        if (!scopes.includes(scope)) throw new ForewarnError('FW704', `scope ${scope} is missing`);
      },
      callerOf: () => ({ name: 'local', roles: ['*'], onBehalf: true }),
      records: {
        history: async () => [],
        evidence: async () => [],
        events: async (shipmentId, page) => {
          asked.push([shipmentId, page]);
          return { events: [], next: { at: 1_748_865_600_000, id: 'e.7' } };
        },
      },
    });
    const first = await other.inject('/v1/shipments/S%2F1/events?limit=2');
    expect(first.json()).toEqual({ events: [], next: '1748865600000.e.7' });
    await other.inject(`/v1/shipments/S%2F1/events?before=${first.json<{ next: string }>().next}`);
    expect(asked).toEqual([
      ['S/1', { limit: 2, before: undefined }],
      ['S/1', { limit: 100, before: { at: 1_748_865_600_000, id: 'e.7' } }],
    ]);
    for (const query of ['limit=0', 'limit=501', 'before=yesterday', 'from=3'])
      expect((await other.inject(`/v1/shipments/S1/events?${query}`)).statusCode).toBe(400);
    scopes = ['approve'];
    expect((await other.inject('/v1/shipments/S1/events')).statusCode).toBe(403);
    await other.close();
  });

  it('shows one with its actions', async () => {
    const one = await app.inject('/v1/exceptions/x1');
    expect(one.json()).toMatchObject({ exception: { id: 'x1' }, actions: [{ id: 'a1' }, { id: 'done' }] });
    expect((await app.inject('/v1/exceptions/x9')).statusCode).toBe(404);
  });

  it('takes an approval once, with who and why', async () => {
    const taken = await post('/v1/actions/a1/approve', {
      by: ' Dana ',
      reason: 'worth_it',
      note: 'call first',
    });
    expect([taken.statusCode, taken.json()]).toEqual([202, { decision: 'd1' }]);
    expect(decided).toEqual([
      {
        id: null,
        verdict: 'approve',
        actionId: 'a1',
        exceptionId: 'x1',
        shipmentId: 'S-1',
        by: 'Dana',
        roles: ['*'],
        reason: 'worth_it',
        note: 'call first',
        until: null,
        assignee: null,
        causeId: null,
      },
    ]);
    expect((await post('/v1/actions/a1/refuse', refusal)).statusCode).toBe(409);
    board.applyAction(anAction({ version: 2, state: 'awaiting_approval' }));
    expect((await post('/v1/actions/a1/refuse', refusal)).statusCode).toBe(202);
  });

  it('answers only after the decision is durable, and takes two at once only once', async () => {
    const [first, second] = await Promise.all([
      post('/v1/actions/a1/approve'),
      post('/v1/actions/a1/refuse', refusal),
    ]);
    expect([first.statusCode, second.statusCode].toSorted((a, b) => a - b)).toEqual([202, 409]);
    expect(decided).toHaveLength(1);
  });

  it('refuses what it does not know, what waits for nobody and what does not fit', async () => {
    expect((await post('/v1/actions/nope/approve')).statusCode).toBe(404);
    expect((await post('/v1/actions/done/approve')).json()).toEqual({
      code: 'FW708',
      error: 'FW708 action done waits for nobody: it is sent',
    });
    for (const body of [{ by: '' }, { by: 'D', reason: 'Not A Code' }, { by: 'D', extra: 1 }]) {
      expect((await post('/v1/actions/a1/approve', body)).statusCode).toBe(400);
    }
    const plain = await app.inject({
      method: 'POST',
      url: '/v1/actions/a1/approve',
      headers: { 'content-type': 'text/plain' },
      payload: '{"by":"another site"}',
    });
    expect(plain.statusCode).toBe(400);
    expect(decided).toEqual([]);
  });

  it('lets a person try again when the log did not take it', async () => {
    fail = new ForewarnError('FW310', 'the line is full');
    const busy = await post('/v1/actions/a1/approve');
    expect([busy.statusCode, busy.headers['retry-after']]).toEqual([503, '1']);
    fail = undefined;
    expect((await post('/v1/actions/a1/approve')).statusCode).toBe(202);
  });

  it('acknowledges what is open', async () => {
    expect((await post('/v1/exceptions/x1/acknowledge')).statusCode).toBe(202);
    expect(decided[0]).toMatchObject({ verdict: 'acknowledge', actionId: null, exceptionId: 'x1' });
    expect((await post('/v1/exceptions/x2/acknowledge')).statusCode).toBe(409);
    expect((await post('/v1/exceptions/x9/acknowledge')).statusCode).toBe(404);
  });

  it('asks for the scope before anything else', async () => {
    scopes = ['read'];
    expect((await post('/v1/actions/a1/approve')).statusCode).toBe(403);
    scopes = [];
    for (const url of ['/v1/exceptions', '/v1/exceptions/x1', '/v1/stream']) {
      expect((await app.inject(url)).statusCode).toBe(403);
    }
    expect((await app.inject('/')).statusCode).toBe(200);
    expect(decided).toEqual([]);
  });

  it('serves the page with a strict policy and knows what a browser has', async () => {
    const page = await app.inject('/');
    expect(page.headers['content-type']).toBe('text/html; charset=utf-8');
    expect(page.headers['content-security-policy']).toContain("default-src 'none'");
    expect(page.body).not.toMatch(/https?:\/\/|style=|onclick/);
    const again = await app.inject({ url: '/', headers: { 'if-none-match': String(page.headers.etag) } });
    expect([again.statusCode, again.body]).toEqual([304, '']);
    expect((await app.inject('/style.css')).headers['content-type']).toBe('text/css; charset=utf-8');
    expect((await app.inject('/tsconfig.json')).statusCode).toBe(404);
    expect((await app.inject('/main.ts')).statusCode).toBe(404);
  });

  it('finds the page from source and from dist alike', () => {
    expect(rootAbove(join(packageRoot, 'dist', 'runtime'))).toBe(packageRoot);
    expect(existsSync(join(packageRoot, 'console', 'page', 'index.html'))).toBe(true);
  });

  it('streams over a real socket, whatever Last-Event-ID says, until the server closes', async () => {
    const url = await app.listen({ port: 0, host: '127.0.0.1' });
    const response = await fetch(`${url}/v1/stream`, { headers: { 'last-event-id': 'from-another-life' } });
    expect(response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    if (response.body === null) throw new Error('no body');
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    let heard = '';
    const until = async (words: string): Promise<void> => {
      while (!heard.includes(words)) {
        const { done, value } = await reader.read();
        if (done) throw new Error(`ended before ${words}`);
        heard += value;
      }
    };
    await until('event: board');
    board.applyException(anException({ id: 'new', severity: 99 }));
    await until('event: exception');
    expect(heard).toContain('"id":"new"');
    await app.close();
    let done = false;
    while (!done) ({ done } = await reader.read());
  });
});
