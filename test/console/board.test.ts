import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Board } from '../../console/board.ts';
import type { Action } from '../../domain/action.ts';
import { actionStates } from '../../domain/action.ts';
import type { ShipmentException } from '../../domain/exception.ts';
import { exceptionStates } from '../../domain/exception.ts';
import type { Dispatch } from '../../domain/dispatch.ts';
import { aCauseRecord, aDecision, aDispatch, anAction, anException, anOutcome, noon } from './rows.ts';

describe('board', () => {
  it('keeps the highest version of an exception, whatever the order', () => {
    const board = new Board();
    expect(board.applyException(anException({ version: 1, severity: 40 }))).toBe(true);
    expect(board.applyException(anException({ version: 3, severity: 80 }))).toBe(true);
    expect(board.applyException(anException({ version: 2, severity: 60 }))).toBe(false);
    expect(board.exception('x1')?.severity).toBe(80);
    expect(board.totals()).toMatchObject({ raised: 1, open: 1, predicted: 1, detected: 0 });
  });

  it('moves predicted to detected, and then out of sight of the desk', () => {
    const board = new Board();
    board.applyException(anException());
    board.applyException(anException({ version: 2, kind: 'detected' }));
    expect(board.totals()).toMatchObject({ open: 1, predicted: 0, detected: 1 });
    board.applyException(anException({ version: 3, kind: 'detected', state: 'closed' }));
    expect(board.totals()).toMatchObject({ raised: 1, open: 0, predicted: 0, detected: 0 });
    expect(board.openRows()).toEqual([]);
    expect(board.recentRows().map(({ exception }) => exception.id)).toEqual(['x1']);
  });

  it('counts an action as sent once, though it is confirmed later', () => {
    const board = new Board();
    board.applyException(anException());
    board.applyAction(anAction({ version: 1, state: 'awaiting_approval' }));
    expect(board.totals().waiting).toBe(1);
    board.applyAction(anAction({ version: 2, state: 'due' }));
    board.applyAction(anAction({ version: 3, state: 'sent' }));
    board.applyAction(anAction({ version: 4, state: 'confirmed' }));
    expect(board.totals()).toMatchObject({ waiting: 0, actionsSent: 1 });
    expect(board.shipmentOf('a1')).toBe('S-1');
    expect(board.shipmentOf('a2')).toBeUndefined();
  });

  it('takes back what a corrected outcome had said', () => {
    const board = new Board();
    board.applyOutcome(anOutcome({ version: 1, breached: true, toldBeforeBreach: true }));
    board.applyOutcome(anOutcome({ version: 2, breached: false, toldBeforeBreach: true }));
    expect(board.totals()).toMatchObject({ outcomes: 1, breaches: 0, toldInTime: 0 });
  });

  it('lists the gravest first and gives each row its actions and its end', () => {
    const board = new Board();
    board.applyAction(anAction({ exceptionId: 'x2', id: 'early' }));
    board.applyException(anException({ id: 'x1', severity: 30 }));
    board.applyException(anException({ id: 'x2', severity: 90 }));
    board.applyOutcome(anOutcome());
    const [first, second] = board.openRows();
    expect(first?.exception.id).toBe('x2');
    expect(first?.actions.map(({ id }) => id)).toEqual(['early']);
    expect(second?.outcome?.minutesLate).toBe(60);
    expect(board.openRows(1)).toHaveLength(1);
  });

  it('forgets closed ones past five hundred with their actions, and what waits with them', () => {
    const board = new Board();
    for (let n = 0; n < 700; n += 1) {
      board.applyException(anException({ id: `x${n}`, state: 'closed' }));
      board.applyAction(anAction({ id: `a${n}`, exceptionId: `x${n}`, state: 'awaiting_approval' }));
    }
    expect(board.snapshot().closed).toHaveLength(500);
    expect(board.snapshot().actions).toHaveLength(500);
    expect(board.exception('x199')).toBeUndefined();
    expect(board.exception('x200')).toBeDefined();
    expect(board.totals()).toMatchObject({ raised: 700, waiting: 500 });
  });

  it('bounds actions whose exception never comes', () => {
    const board = new Board();
    for (let n = 0; n < 6_000; n += 1) board.applyAction(anAction({ id: `a${n}`, exceptionId: `none${n}` }));
    expect(board.snapshot().actions).toHaveLength(5_000);
    expect(board.action('a999')).toBeUndefined();
    expect(board.action('a1000')).toBeDefined();
  });

  it('puts notes beside their exception, the latest twenty, oldest first', () => {
    const board = new Board();
    const told: string[] = [];
    board.onChange(({ id }) => told.push(id));
    for (let n = 30; n > 0; n -= 1) {
      board.applyDecision(aDecision({ id: `n${n}`, heardAt: noon + n, note: `note ${n}` }));
    }
    board.applyDecision(aDecision({ id: 'silent', verdict: 'acknowledge', note: '' }));
    board.applyException(anException());
    const notes = board.row('x1')?.notes ?? [];
    expect(notes.map(({ note }) => note)).toEqual(Array.from({ length: 20 }, (_, n) => `note ${n + 11}`));
    expect(board.decided('silent')).toEqual({ id: 'silent', verdict: 'acknowledge', target: 'x1' });
    expect(told).toContain('x1');
  });

  it('bounds notes of exceptions that it does not know, and forgets them with those it did', () => {
    const board = new Board();
    for (let n = 0; n < 1_200; n += 1) {
      board.applyDecision(aDecision({ id: `n${n}`, exceptionId: `none${n}` }));
    }
    expect(board.snapshot().notes).toHaveLength(1_000);
    for (let n = 0; n < 600; n += 1) {
      board.applyException(anException({ id: `x${n}`, state: 'closed' }));
      board.applyDecision(aDecision({ id: `m${n}`, exceptionId: `x${n}` }));
    }
    expect(board.snapshot().notes).toHaveLength(1_500);
    for (let n = 0; n < 6_000; n += 1) board.applyDecision(aDecision({ id: `d${n}`, note: '' }));
    expect(board.snapshot().decided).toHaveLength(5_000);
  });

  it('says until when an action is held, until it is let go, and why it is not sent', () => {
    const board = new Board();
    board.applyException(anException());
    board.applyDispatch(
      aDispatch({ state: 'proposed', heldUntil: noon + 5, heldBecause: 'quiet_hours', heardAt: noon }),
    );
    expect(board.action('a1')).toBeUndefined();
    board.applyAction(anAction());
    expect(board.action('a1')?.dispatch).toEqual({
      heldUntil: noon + 5,
      heldBecause: 'quiet_hours',
      suppressedBecause: null,
    });
    board.applyDispatch(
      aDispatch({ state: 'due', heldUntil: noon + 5, heldBecause: 'quiet_hours', heardAt: noon + 6 }),
    );
    expect(board.action('a1')?.dispatch?.heldUntil).toBeNull();
    board.applyDispatch(
      aDispatch({ version: 2, state: 'suppressed', suppressedBecause: 'opted_out', heardAt: noon + 7 }),
    );
    expect(board.row('x1')?.actions[0]?.dispatch?.suppressedBecause).toBe('opted_out');
    for (let n = 0; n < 6_000; n += 1) board.applyDispatch(aDispatch({ id: `digest${n}` }));
    expect(board.snapshot().dispatches).toHaveLength(5_001);
  });

  it('counts what stands under a cause, each shipment once, and only what is open', () => {
    const board = new Board();
    const causeId = 'port:USLAX';
    const told: string[] = [];
    board.onChange(({ kind, id }) => kind === 'cause' && told.push(id));
    board.applyException(anException({ id: 'x1', causeId, severity: 40 }));
    expect(board.causes()).toEqual([]);
    board.applyException(anException({ id: 'x2', causeId, severity: 60, state: 'acknowledged' }));
    board.applyException(
      anException({ id: 'x3', shipmentId: 'S-3', causeId, currency: 'EUR', customerId: 'c3' }),
    );
    board.applyAction(anAction({ exceptionId: 'x3', state: 'awaiting_approval', role: null }));
    board.applyCause(aCauseRecord({ id: causeId, kind: 'port', firstRaisedAt: noon - 9_000_000 }));
    expect(board.causes()).toEqual([
      {
        id: causeId,
        kind: 'port',
        category: 'delay_predicted',
        open: 3,
        unanswered: 2,
        shipments: 2,
        customers: 2,
        linesLate: 0,
        valueByCurrency: { USD: 1_250_000, EUR: 1_250_000 },
        worstSeverity: 72,
        firstRaisedAt: noon - 9_000_000,
        waitingByRole: { any: 1 },
      },
    ]);
    told.length = 0;
    board.applyException(anException({ id: 'x3', shipmentId: 'S-3', version: 2, causeId, state: 'closed' }));
    board.applyException(anException({ id: 'x2', version: 2, causeId: 'weather:1' }));
    expect(told).toEqual([causeId, causeId, 'weather:1']);
    expect(board.causes()).toEqual([]);
    expect(board.cause(causeId)?.open).toBe(1);
  });

  it('keeps the records of two hundred causes that are over', () => {
    const board = new Board();
    for (let n = 0; n < 250; n += 1) board.applyCause(aCauseRecord({ id: `port:${n}`, state: 'over' }));
    board.applyCause(aCauseRecord({ id: 'port:open' }));
    expect(board.snapshot().causes).toHaveLength(201);
  });

  it('is the same after any order, any repetition and a restart anywhere', () => {
    const version = fc.integer({ min: 1, max: 6 });
    const row = fc.oneof(
      fc.record({ sort: fc.constant('exception' as const), id: fc.constantFrom('x1', 'x2', 'x3'), version }),
      fc.record({ sort: fc.constant('action' as const), id: fc.constantFrom('x1a', 'x2a', 'x2b'), version }),
      fc.record({ sort: fc.constant('outcome' as const), id: fc.constantFrom('S-1', 'S-2'), version }),
      fc.record({ sort: fc.constant('decision' as const), id: fc.constantFrom('x1', 'x2'), version }),
      fc.record({ sort: fc.constant('dispatch' as const), id: fc.constantFrom('x1a', 'x2b'), version }),
      fc.record({ sort: fc.constant('cause' as const), id: fc.constantFrom('port:A', 'port:B'), version }),
    );
    type Row = typeof row extends fc.Arbitrary<infer T> ? T : never;
    const apply = (board: Board, { sort, id, version: v }: Row): void => {
      if (sort === 'exception') board.applyException(exceptionAt(id, v));
      else if (sort === 'action') board.applyAction(actionAt(id, v));
      else if (sort === 'decision')
        board.applyDecision(aDecision({ id: `${id} ${v}`, exceptionId: id, heardAt: noon + v }));
      else if (sort === 'dispatch') board.applyDispatch(dispatchAt(id, v));
      else if (sort === 'cause') board.applyCause(aCauseRecord({ id, version: v, firstRaisedAt: noon - v }));
      else board.applyOutcome(anOutcome({ id, shipmentId: id, version: v, breached: v % 2 === 0 }));
    };
    const seen = (board: Board) => ({
      open: board.openRows().map(({ exception }) => exception),
      ended: new Set(board.recentRows().map(({ exception }) => exception)),
      actions: new Map(board.snapshot().actions.map((action) => [action.id, action])),
      rows: board.openRows().map(({ exception, notes, actions }) => ({
        id: exception.id,
        notes,
        held: new Map(actions.map(({ id, dispatch }) => [id, dispatch])),
      })),
      causes: board.causes(),
      decided: new Set(board.snapshot().decided.map(({ id }) => id)),
      totals: { ...board.totals(), actionsSent: 0 },
    });
    fc.assert(
      fc.property(
        fc.array(row, { maxLength: 40 }),
        fc.nat(),
        fc.infiniteStream(fc.nat()),
        (rows, cut, keys) => {
          const straight = new Board();
          for (const each of rows) apply(straight, each);
          const shuffled = rows
            .map((each) => ({ each, key: keys.next().value ?? 0 }))
            .toSorted((a, b) => a.key - b.key)
            .map(({ each }) => each);
          let other = new Board();
          const at = rows.length === 0 ? 0 : cut % rows.length;
          for (const each of shuffled.slice(0, at)) apply(other, each);
          other = Board.restore(structuredClone(other.snapshot()));
          // As after a crash: some of what had been read is read again.
          for (const each of shuffled.slice(Math.max(0, at - 5))) apply(other, each);
          expect(seen(other)).toEqual(seen(straight));
        },
      ),
    );
  });
});

const stateAt = <T>(states: readonly T[], version: number): T => {
  const state = states[version % states.length];
  if (state === undefined) throw new Error('no states');
  return state;
};
const exceptionAt = (id: string, version: number): ShipmentException =>
  anException({
    id,
    version,
    state: stateAt(exceptionStates, version),
    kind: version > 3 ? 'detected' : 'predicted',
    causeId: [null, 'port:A', 'port:B'][version % 3] ?? null,
  });
const actionAt = (id: string, version: number): Action =>
  anAction({ id, version, exceptionId: id.slice(0, 2), state: stateAt(actionStates, version) });

/** Several words about one version of the action, as when it is held and then let go. */
const dispatchAt = (id: string, version: number): Dispatch =>
  aDispatch({
    id,
    version: Math.ceil(version / 2),
    heardAt: noon + (version % 4),
    state: version % 3 === 0 ? 'proposed' : version % 3 === 1 ? 'due' : 'suppressed',
    heldUntil: noon + version,
    heldBecause: 'digest',
    suppressedBecause: version % 3 === 2 ? 'told_already' : null,
  });
