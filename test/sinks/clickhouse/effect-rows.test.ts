import { beforeAll, describe, expect, it } from 'vitest';
import type { Action } from '../../../domain/action.ts';
import { estimateEffects } from '../../../models/effect/estimate-effects.ts';
import { effectCovariates, effectRows } from '../../../sinks/clickhouse/effect-rows.ts';
import { applyMigrations } from '../../../sinks/clickhouse/migrations.ts';
import { clickHouseForTests } from './clickhouse-here.ts';
import { actionOf, exceptionOf, MINUTE, NOON, outcomeOf, rowsInto } from './story-fixture.ts';

const { server, client } = await clickHouseForTests();
const put = rowsInto(client);

/** The versions of one action, one a minute. */
const lifeOf = (
  shipment: string,
  states: readonly Action['state'][],
  fields: Partial<Action> = {},
): readonly Action[] =>
  states.map((state, index) => ({
    ...actionOf(exceptionOf(shipment, 'weather'), state, fields),
    version: index + 1,
    heardAt: NOON + index * MINUTE,
  }));

const inquiryAt = (shipment: string, at: number) => ({
  id: `i/${shipment}/${at}`,
  at,
  heardAt: at,
  source: { feed: 'crm', document: 'd', position: 0, decoder: 'test', mapping: null },
  customerId: 'c1',
  shipmentId: shipment,
  channel: 'email',
  about: 'where_is_it',
  inReplyTo: null,
  reference: null,
});

describe.skipIf(server === undefined)('effectRows', () => {
  beforeAll(async () => {
    await applyMigrations(client);
    const lives = [
      lifeOf('done', ['due', 'sent', 'confirmed'], { propensity: 0.8, causeId: 'weather:storm-1' }),
      lifeOf('held', ['held_out'], { propensity: 0.8, causeId: 'weather:storm-1' }),
      lifeOf('called-off', ['due', 'cancelled'], { propensity: 0.8 }),
      lifeOf('always', ['due', 'sent'], { propensity: 1 }),
      lifeOf('refused', ['awaiting_approval', 'refused'], { authority: 'approve' }),
      lifeOf('approved', ['awaiting_approval', 'due', 'uncertain'], { authority: 'approve' }),
      lifeOf('failed', ['awaiting_approval', 'due', 'failed'], { authority: 'approve' }),
      lifeOf('under-way', ['held_out'], { propensity: 0.8 }),
      lifeOf('undone', ['due', 'sent'], { propensity: 1, compensates: 'another' }),
    ];
    const shipments = lives.flatMap(([first]) => (first === undefined ? [] : [first.shipmentId]));
    await put('action_history', lives.flat());
    await put(
      'actions',
      lives.flatMap((life) => life.at(-1) ?? []),
    );
    // What was sent before the decision about "done", and after it.
    await put('actions', [
      { ...actionOf(exceptionOf('done', 'dwell'), 'sent'), sentAt: NOON - MINUTE },
      { ...actionOf(exceptionOf('done', 'loss'), 'sent'), sentAt: NOON + MINUTE },
    ]);
    const first = shipments.map((shipment) =>
      exceptionOf(shipment, 'weather', { tier: 'priority', heardAt: NOON - MINUTE }),
    );
    const later = shipments.map((shipment) =>
      exceptionOf(shipment, 'weather', {
        version: 2,
        severity: 90,
        probability: null,
        heardAt: NOON + MINUTE,
      }),
    );
    await put('exception_history', [...first, ...later]);
    await put('exceptions', later);
    await put(
      'outcomes',
      shipments
        .filter((shipment) => shipment !== 'under-way')
        .map((shipment) =>
          outcomeOf(shipment, 30, {
            ...(shipment === 'held' ? { firstInquiryAt: NOON - MINUTE, inquiries: 2 } : {}),
            ...(shipment === 'refused' ? { firstInquiryAt: NOON + MINUTE, inquiries: 1 } : {}),
            ...(shipment === 'approved' ? { firstInquiryAt: NOON - MINUTE, inquiries: 1 } : {}),
            ...(shipment === 'always'
              ? { minutesLate: null, deliveredAt: null, result: 'lost' as const }
              : {}),
          }),
        ),
    );
    await put('inquiries', [
      inquiryAt('held', NOON - MINUTE),
      inquiryAt('held', NOON + MINUTE),
      inquiryAt('approved', NOON - MINUTE),
    ]);
  });

  it('takes decisions of ended shipments, and leaves out what was neither done nor left undone', async () => {
    const rows = await effectRows(client);
    expect(rows.map(({ shipmentId, treated, propensity }) => [shipmentId, treated, propensity])).toEqual([
      ['always', true, 1],
      ['approved', true, null],
      ['called-off', true, 0.8],
      ['done', true, 0.8],
      ['held', false, 0.8],
      ['refused', false, null],
    ]);
  });

  it('has covariates as they were when it was decided, and what came after only as outcome', async () => {
    const rows = await effectRows(client);
    expect(rows.find(({ shipmentId }) => shipmentId === 'done')).toEqual({
      actionId: 'action/done/weather',
      category: 'weather',
      actionType: 'notify_customer',
      playbook: 'late',
      step: 'tell',
      causeId: 'weather:storm-1',
      shipmentId: 'done',
      treated: true,
      propensity: 0.8,
      covariates: [50, 0.8, 0, 2, 0, Math.log1p(100), 1, 0, 0, 1],
      breached: true,
      minutesLate: 30,
      asked: false,
    });
    expect(rows.every(({ covariates }) => covariates.length === effectCovariates.length)).toBe(true);
    expect(rows.find(({ shipmentId }) => shipmentId === 'always')).toMatchObject({ minutesLate: null });
  });

  it('counts as asked who asked after the decision, also who had asked before', async () => {
    const rows = await effectRows(client);
    expect(rows.filter(({ asked }) => asked).map(({ shipmentId }) => shipmentId)).toEqual([
      'held',
      'refused',
    ]);
  });

  it('takes decisions of its period only', async () => {
    expect(await effectRows(client, { to: NOON })).toEqual([]);
    expect(await effectRows(client, { from: NOON, to: NOON + 1 })).toHaveLength(6);
    expect(await effectRows(client, { from: NOON + 1 })).toEqual([]);
  });

  it('has rows that the estimate takes as they are', async () => {
    const says = estimateEffects(await effectRows(client), { outcomes: ['breach_rate'] }).map(
      (one) => one.says,
    );
    expect(says).toEqual([
      expect.stringMatching(
        /^not enough cases: withheld in 1 independent cause, 10 are needed; left out: 1 that/,
      ),
      expect.stringMatching(/^not enough cases: withheld in 1 independent cause/),
    ]);
  });
});
