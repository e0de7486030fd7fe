import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Board } from '../../console/board.ts';
import type { Action } from '../../domain/action.ts';
import { actionStates } from '../../domain/action.ts';
import type { ShipmentException } from '../../domain/exception.ts';
import { exceptionStates } from '../../domain/exception.ts';
import { anAction, anException, anOutcome } from './rows.ts';

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

  it('is the same after any order, any repetition and a restart anywhere', () => {
    const version = fc.integer({ min: 1, max: 6 });
    const row = fc.oneof(
      fc.record({ sort: fc.constant('exception' as const), id: fc.constantFrom('x1', 'x2', 'x3'), version }),
      fc.record({ sort: fc.constant('action' as const), id: fc.constantFrom('x1a', 'x2a', 'x2b'), version }),
      fc.record({ sort: fc.constant('outcome' as const), id: fc.constantFrom('S-1', 'S-2'), version }),
    );
    type Row = typeof row extends fc.Arbitrary<infer T> ? T : never;
    const apply = (board: Board, { sort, id, version: v }: Row): void => {
      if (sort === 'exception') board.applyException(exceptionAt(id, v));
      else if (sort === 'action') board.applyAction(actionAt(id, v));
      else board.applyOutcome(anOutcome({ id, shipmentId: id, version: v, breached: v % 2 === 0 }));
    };
    const seen = (board: Board) => ({
      open: board.openRows().map(({ exception }) => exception),
      ended: new Set(board.recentRows().map(({ exception }) => exception)),
      actions: new Map(board.snapshot().actions.map((action) => [action.id, action])),
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
  });
const actionAt = (id: string, version: number): Action =>
  anAction({ id, version, exceptionId: id.slice(0, 2), state: stateAt(actionStates, version) });
