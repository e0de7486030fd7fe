import fastify, { type FastifyInstance } from 'fastify';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Board } from '../../console/board.ts';
import type { DecisionRequest } from '../../console/decisions.ts';
import type { BulkAnswer, CallerView, CauseDetail, CauseView, Reasons } from '../../console/page/contract.ts';
import { consoleRoutes } from '../../console/routes.ts';
import { ForewarnError } from '../../runtime/forewarn-error.ts';
import { aDecision, anAction, anException, noon } from './rows.ts';

const hour = 3_600_000;
const storm = 'weather:KLOT.BZ.W.1';

describe('what a desk can say', () => {
  let app: FastifyInstance;
  let board: Board;
  let caller: CallerView;
  let decided: DecisionRequest[];
  let fail: Error | undefined;

  const start = async (): Promise<void> => {
    app = fastify();
    await app.register(consoleRoutes, {
      board,
      progress: () => ({
        at: noon,
        recordsPerSec: 0,
        openShipments: 0,
        exceptions: 0,
        actions: 0,
        outcomes: 0,
        watermarkLagSec: 0,
      }),
      requireScope: () => async () => undefined,
      callerOf: () => caller,
      decide: async (request) => {
        if (fail !== undefined) throw fail;
        decided.push(request);
        return { id: request.id ?? `d${decided.length}` };
      },
    });
  };

  beforeEach(async () => {
    board = new Board();
    caller = { name: 'dana', roles: ['planner'], onBehalf: false };
    decided = [];
    fail = undefined;
    board.applyException(anException());
    await start();
  });
  afterEach(() => app.close());

  const post = async (url: string, payload?: object, headers: Record<string, string> = {}) => {
    const answer = await app.inject({
      method: 'POST',
      url,
      headers,
      ...(payload === undefined ? {} : { payload }),
    });
    return { status: answer.statusCode, body: answer.json<Record<string, unknown>>() };
  };
  const waiting = (id: string, over: Parameters<typeof anAction>[0] = {}): void => {
    board.applyAction(
      anAction({ id, state: 'awaiting_approval', authority: 'approve', role: 'planner', ...over }),
    );
  };
  const verdicts = () =>
    decided.map(({ verdict, actionId, exceptionId }) => `${verdict} ${actionId ?? exceptionId}`);

  describe('who decides', () => {
    it('is the key, whatever the body says, unless the key may decide for others', async () => {
      waiting('a1');
      waiting('a2');
      waiting('a3');
      await post('/v1/actions/a1/approve', { by: 'The Boss' });
      expect(decided[0]).toMatchObject({ by: 'dana', roles: ['planner'] });
      caller = { ...caller, name: 'portal', onBehalf: true };
      await post('/v1/actions/a2/approve', { by: 'Kim' });
      await post('/v1/actions/a3/approve');
      expect(decided.slice(1).map(({ by }) => by)).toEqual(['Kim', 'portal']);
      expect((await app.inject('/v1/caller')).json()).toEqual(caller);
    });

    it('needs the role of the action', async () => {
      waiting('a1', { role: 'claims' });
      waiting('open-to-all', { role: null });
      const refused = await post('/v1/actions/a1/approve');
      expect(refused).toEqual({
        status: 403,
        body: {
          code: 'FW707',
          error:
            'FW707 action a1 is for the role "claims", and dana has planner; let somebody decide who has it',
        },
      });
      expect((await post('/v1/actions/a1/refuse', { reason: 'not_needed' })).status).toBe(403);
      expect((await post('/v1/actions/open-to-all/approve')).status).toBe(202);
      caller = { ...caller, roles: ['*'] };
      expect((await post('/v1/actions/a1/approve')).status).toBe(202);
    });
  });

  describe('approvals', () => {
    it('by two different people are two, before and after the line has answered', async () => {
      waiting('a1', { approvalsNeeded: 2 });
      expect((await post('/v1/actions/a1/approve')).status).toBe(202);
      const twice = await post('/v1/actions/a1/approve');
      expect(twice.status).toBe(409);
      expect(twice.body['error']).toContain('was approved by dana already: it needs 2 different people');
      waiting('a1', {
        version: 2,
        approvalsNeeded: 2,
        approvals: [{ by: 'dana', role: 'planner', at: noon }],
      });
      expect((await post('/v1/actions/a1/approve')).status).toBe(409);
      caller = { ...caller, name: 'kim' };
      expect((await post('/v1/actions/a1/approve')).status).toBe(202);
      caller = { ...caller, name: 'lee' };
      expect((await post('/v1/actions/a1/approve')).body['error']).toContain('was decided a moment ago');
      expect(decided.map(({ by }) => by)).toEqual(['dana', 'kim']);
    });

    it('may both come before the line has answered the first', async () => {
      waiting('a1', { approvalsNeeded: 2 });
      await post('/v1/actions/a1/approve');
      caller = { ...caller, name: 'kim' };
      expect((await post('/v1/actions/a1/approve')).status).toBe(202);
      caller = { ...caller, name: 'lee' };
      expect((await post('/v1/actions/a1/refuse', { reason: 'too_costly' })).status).toBe(409);
    });

    it('can be followed by another’s refusal while one is missing, and nothing by anything after it', async () => {
      waiting('a1', { approvalsNeeded: 2 });
      await post('/v1/actions/a1/approve');
      caller = { ...caller, name: 'kim' };
      expect((await post('/v1/actions/a1/refuse', { reason: 'too_costly' })).status).toBe(202);
      caller = { ...caller, name: 'lee' };
      expect((await post('/v1/actions/a1/approve')).status).toBe(409);
    });

    it('come too late after the expiry, while a refusal does not', async () => {
      waiting('a1', { expiresAt: noon });
      const late = await post('/v1/actions/a1/approve');
      expect(late.status).toBe(409);
      expect(late.body['error']).toContain('expired at 2025-01-14T09:30:00.000Z');
      expect((await post('/v1/actions/a1/refuse', { reason: 'already_done' })).status).toBe(202);
    });

    it('take up what was only recommended', async () => {
      board.applyAction(anAction({ id: 'tip', state: 'proposed', authority: 'recommend' }));
      board.applyAction(anAction({ id: 'night', state: 'proposed', authority: 'auto' }));
      expect((await post('/v1/actions/tip/approve')).status).toBe(202);
      expect((await post('/v1/actions/night/approve')).status).toBe(409);
    });

    it('of many at once are taken or refused one by one', async () => {
      waiting('a1');
      waiting('a2', { role: 'claims' });
      waiting('a3', { state: 'sent' });
      const { status, body } = await post('/v1/approvals', { actions: ['a1', 'a2', 'a3', 'nope', 'a1'] });
      expect(status).toBe(202);
      expect(body).toMatchObject({ taken: 1, decisions: [{ id: 'a1', decision: 'd1' }] });
      expect((body as unknown as BulkAnswer).refused.map(({ id, code }) => `${id} ${code}`)).toEqual([
        'a2 FW707',
        'a3 FW708',
        'nope FW706',
      ]);
      for (const actions of [[], Array.from({ length: 1_001 }, (_, n) => `a${n}`), 'a1']) {
        expect((await post('/v1/approvals', { actions })).status).toBe(400);
      }
    });
  });

  describe('refusals', () => {
    it('say why in a code of the published list, and `other` in words too', async () => {
      const { refuse } = (await app.inject('/v1/reasons')).json<Reasons>();
      expect(refuse.map(({ code }) => code)).toEqual([
        'too_costly',
        'not_needed',
        'customer_knows',
        'already_done',
        'wrong_data',
        'other',
      ]);
      waiting('a1');
      for (const body of [
        {},
        { reason: 'none' },
        { reason: 'whim' },
        { reason: 'other' },
        { reason: 'other', note: ' ' },
      ]) {
        expect((await post('/v1/actions/a1/refuse', body)).status).toBe(400);
      }
      expect(decided).toEqual([]);
      for (const { code, noteNeeded } of refuse) {
        waiting(`b-${code}`);
        const body = { reason: code, ...(noteNeeded ? { note: 'they cancelled the order' } : {}) };
        expect((await post(`/v1/actions/b-${code}/refuse`, body)).status).toBe(202);
      }
      expect(decided.map(({ reason }) => reason)).toEqual(refuse.map(({ code }) => code));
    });
  });

  describe('exceptions', () => {
    it('are acknowledged, resolved and woken once, and only where that changes something', async () => {
      expect((await post('/v1/exceptions/x1/acknowledge')).status).toBe(202);
      expect((await post('/v1/exceptions/x1/acknowledge')).status).toBe(409);
      board.applyException(anException({ version: 2, state: 'acknowledged' }));
      expect((await post('/v1/exceptions/x1/acknowledge')).status).toBe(409);
      expect((await post('/v1/exceptions/x1/wake')).status).toBe(409);
      expect((await post('/v1/exceptions/x1/resolve')).status).toBe(202);
      board.applyException(anException({ version: 3, state: 'snoozed', snoozedUntil: noon + hour }));
      expect((await post('/v1/exceptions/x1/wake')).status).toBe(202);
      board.applyException(anException({ version: 4, state: 'closed' }));
      for (const [verdict, body] of [
        ['acknowledge', {}],
        ['resolve', {}],
        ['snooze', { for: '1h' }],
        ['assign', { assignee: 'kim' }],
      ] as const) {
        expect((await post(`/v1/exceptions/x1/${verdict}`, body)).status).toBe(409);
      }
      expect((await post('/v1/exceptions/x1/comment', { note: 'for the file' })).status).toBe(202);
      expect((await post('/v1/exceptions/nope/comment', { note: 'hm' })).status).toBe(404);
      expect(verdicts()).toEqual(['acknowledge x1', 'resolve x1', 'wake x1', 'comment x1']);
    });

    it('are snoozed for a span or until a time ahead, thirty days at most', async () => {
      const snooze = (body: object) => post('/v1/exceptions/x1/snooze', body);
      expect((await snooze({ for: '4h' })).status).toBe(202);
      expect((await snooze({ until: noon + hour })).status).toBe(202);
      expect((await snooze({ until: '2025-01-15T08:00:00+01:00' })).status).toBe(202);
      expect(decided.map(({ until }) => until)).toEqual([
        noon + 4 * hour,
        noon + hour,
        Date.UTC(2025, 0, 15, 7),
      ]);
      const wrong = [{}, { for: '1h', until: noon + hour }, { for: 'soon' }, { until: noon }, { for: '31d' }];
      for (const body of wrong) expect((await snooze(body)).status).toBe(400);
    });

    it('are assigned, given back, and commented on as often as one likes', async () => {
      const assign = (assignee: unknown) => post('/v1/exceptions/x1/assign', { assignee });
      for (const assignee of ['kim', 'lee', null]) expect((await assign(assignee)).status).toBe(202);
      for (const assignee of ['', undefined, 7]) expect((await assign(assignee)).status).toBe(400);
      expect(decided.map(({ assignee }) => assignee)).toEqual(['kim', 'lee', null]);
      for (const note of ['one', 'two']) await post('/v1/exceptions/x1/comment', { note });
      expect((await post('/v1/exceptions/x1/comment', { note: '  ' })).status).toBe(400);
      expect(decided.slice(3).map(({ verdict, note }) => `${verdict} ${note}`)).toEqual([
        'comment one',
        'comment two',
      ]);
    });
  });

  describe('causes', () => {
    beforeEach(() => {
      for (let n = 1; n <= 3; n += 1) {
        const exceptionId = `s${n}`;
        board.applyException(
          anException({ id: exceptionId, shipmentId: `S-${n}`, causeId: storm, severity: 50 + n }),
        );
        waiting(`w${n}`, { exceptionId, shipmentId: `S-${n}`, role: n === 3 ? 'claims' : 'planner' });
      }
    });

    it('are listed with what stands under them', async () => {
      const [cause] = (await app.inject('/v1/causes')).json<CauseView[]>();
      expect(cause).toMatchObject({
        id: storm,
        kind: 'weather',
        open: 3,
        shipments: 3,
        customers: 1,
        worstSeverity: 53,
        valueByCurrency: { USD: 3_750_000 },
        waitingByRole: { planner: 2, claims: 1 },
      });
      const detail = (await app.inject(`/v1/causes/${storm}`)).json<CauseDetail>();
      expect(detail.rows.map(({ exception }) => exception.id)).toEqual(['s3', 's2', 's1']);
      expect((await app.inject('/v1/causes/port:USLAX')).statusCode).toBe(404);
    });

    it('are approved once for all that the caller’s roles allow', async () => {
      const { status, body } = await post(`/v1/causes/${storm}/approve`, { note: 'whole storm' });
      expect(status).toBe(202);
      expect(body).toMatchObject({ taken: 2, refused: [{ id: 'w3', code: 'FW707' }] });
      expect(decided).toHaveLength(2);
      for (const decision of decided) expect(decision).toMatchObject({ causeId: storm, note: 'whole storm' });
      const again = await post(`/v1/causes/${storm}/approve`);
      expect(again.status).toBe(409);
      expect((again.body as unknown as BulkAnswer).refused).toHaveLength(3);
    });

    it('answer 403 where no action is for the caller, and 409 where none waits', async () => {
      caller = { ...caller, roles: ['night_shift'] };
      expect(await post(`/v1/causes/${storm}/refuse`, { reason: 'not_needed' })).toMatchObject({
        status: 403,
        body: { taken: 0, code: 'FW707' },
      });
      for (let n = 1; n <= 3; n += 1) waiting(`w${n}`, { exceptionId: `s${n}`, version: 2, state: 'sent' });
      expect(await post(`/v1/causes/${storm}/approve`)).toMatchObject({
        status: 409,
        body: { error: 'FW708 nothing waits for it' },
      });
      expect((await post('/v1/causes/port:USLAX/approve')).status).toBe(404);
    });

    it('are acknowledged: each exception that is still open', async () => {
      board.applyException(anException({ id: 's2', version: 2, causeId: storm, state: 'acknowledged' }));
      const { body } = await post(`/v1/causes/${storm}/acknowledge`);
      expect(body).toMatchObject({ taken: 2, refused: [] });
      expect(verdicts().toSorted()).toEqual(['acknowledge s1', 'acknowledge s3']);
    });

    it('fail whole when the log does, and go on where they stopped under the same key', async () => {
      fail = new ForewarnError('FW310', 'the line is full');
      const key = { 'idempotency-key': 'storm-1' };
      expect((await post(`/v1/causes/${storm}/approve`, {}, key)).status).toBe(503);
      fail = undefined;
      const { body } = await post(`/v1/causes/${storm}/approve`, {}, key);
      expect(body).toMatchObject({ taken: 2 });
    });
  });

  describe('a request that comes again under its idempotency key', () => {
    const key = { 'idempotency-key': 'k-1' };

    it('is the same decision, at once, later, and after a restart', async () => {
      waiting('a1');
      const [first, second] = await Promise.all([
        post('/v1/actions/a1/approve', {}, key),
        post('/v1/actions/a1/approve', {}, key),
      ]);
      expect(first.status).toBe(202);
      expect(second).toEqual(first);
      waiting('a1', { version: 2, state: 'sent' });
      expect(await post('/v1/actions/a1/approve', {}, key)).toEqual(first);
      expect(decided).toHaveLength(1);

      const id = String(first.body['decision']);
      board.applyDecision(aDecision({ id, verdict: 'approve', actionId: 'a1' }));
      board = Board.restore(structuredClone(board.snapshot()));
      await app.close();
      await start();
      expect(await post('/v1/actions/a1/approve', {}, key)).toEqual(first);
      expect(decided).toHaveLength(1);
      const other = await post('/v1/actions/a1/refuse', { reason: 'not_needed' }, key);
      expect(other).toMatchObject({ status: 409, body: { code: 'FW709' } });
    });

    it('must ask for the same, and is another decision for another caller', async () => {
      const comment = (note: string) => post('/v1/exceptions/x1/comment', { note }, key);
      const first = await comment('one');
      expect(await comment('one')).toEqual(first);
      expect(await comment('two')).toMatchObject({ status: 409, body: { code: 'FW709' } });
      caller = { ...caller, name: 'kim' };
      const hers = await comment('two');
      expect(hers.status).toBe(202);
      expect(hers.body['decision']).not.toBe(first.body['decision']);
    });

    it('may be tried again when it was refused', async () => {
      waiting('a1', { role: 'claims' });
      expect((await post('/v1/actions/a1/approve', {}, key)).status).toBe(403);
      caller = { ...caller, roles: ['claims'] };
      expect((await post('/v1/actions/a1/approve', {}, key)).status).toBe(202);
    });

    it('has a key that can be written down', async () => {
      const answer = await post('/v1/exceptions/x1/acknowledge', {}, { 'idempotency-key': 'a b' });
      expect(answer).toMatchObject({ status: 400, body: { code: 'FW701' } });
    });
  });
});
