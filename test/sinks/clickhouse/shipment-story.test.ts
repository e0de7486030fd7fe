import { beforeAll, describe, expect, it } from 'vitest';
import { applyMigrations } from '../../../sinks/clickhouse/migrations.ts';
import { plainDecision } from '../../support/plain-fields.ts';
import { clickHouseForTests } from './clickhouse-here.ts';
import { actionOf, exceptionOf, MINUTE, NOON, outcomeOf, predictionOf, rowsInto } from './story-fixture.ts';

const { server, client } = await clickHouseForTests();
const put = rowsInto(client);

describe.skipIf(server === undefined)('shipment_story', () => {
  beforeAll(async () => {
    await applyMigrations(client);
  });

  it('tells shipment, exception, prediction, action, decision, outcome and money in one row', async () => {
    const exception = exceptionOf('s1', 'delay', {
      valueMinor: 2_500_000,
      evidence: { events: [], alerts: [], ports: [], predictions: ['p/s1', 'p/later'] },
      impact: {
        orders: 2,
        lines: 3,
        linesLate: 1,
        valueLateMinor: 40_000,
        currency: 'EUR',
        customers: ['c1'],
        firstDueAt: NOON + 60 * MINUTE,
        worstLateMin: 90,
      },
    });
    const expedite = actionOf(exception, 'awaiting_approval', {
      id: 'a1',
      type: 'expedite',
      authority: 'approve',
      costMinor: 18_000,
    });
    const told = actionOf(exception, 'suppressed', { id: 'a2' });
    await put('exceptions', [exception]);
    await put('predictions', [predictionOf('s1'), predictionOf('s1', { id: 'p/later', probability: 0.9 })]);
    const sent = {
      ...expedite,
      version: 2,
      heardAt: NOON + 12 * MINUTE,
      state: 'sent',
      decidedBy: 'dana',
      decidedReason: 'worth_it',
      sentAt: NOON + 13 * MINUTE,
    };
    await put('actions', [expedite, told, sent]);
    await put('action_history', [expedite, told, sent]);
    await put('dispatches', [
      {
        ...told,
        recipients: [],
        thread: '',
        covers: [],
        heldUntil: null,
        heldBecause: null,
        suppressedBecause: 'opted_out',
      },
    ]);
    const decision = {
      ...plainDecision,
      source: { feed: 'console', document: 'd', position: 0, decoder: 'console', mapping: null },
      at: NOON + 9 * MINUTE,
      heardAt: NOON + 9 * MINUTE,
      shipmentId: 's1',
      exceptionId: exception.id,
      actionId: 'a1',
      by: 'dana',
      roles: ['planner', 'lead'],
      note: '',
    };
    await put('decisions', [
      { ...decision, id: 'd0', verdict: 'comment', reason: 'none', by: 'eve', heardAt: NOON + 20 * MINUTE },
      { ...decision, id: 'd1', verdict: 'approve', reason: 'worth_it' },
    ]);
    const attempt = {
      shipmentId: 's1',
      exceptionId: exception.id,
      actionId: 'a1',
      httpStatus: 503,
      at: NOON,
    };
    await put('action_results', [
      { ...attempt, id: 'r1', heardAt: NOON + 1, result: 'uncertain', attempts: 1, error: 'no answer' },
      { ...attempt, id: 'r2', heardAt: NOON + 2, result: 'sent', attempts: 2, error: null },
    ]);
    await put('outcomes', [
      outcomeOf('s1', 45, { inquiries: 2, costMinor: 18_000, penaltyMinor: 50_000, valueMinor: 2_500_000 }),
    ]);

    const answer = await client.query({
      query: `SELECT shipment_id, exception_id, severity, orders_hit, lines_late, prediction_id, probability, threshold,
          action_id, action_type, action_state, suppressed_because, attempts, action_error,
          decided_by, decided_as, verdict, decided_reason, decided_after_min,
          minutes_late, breached, inquiries, value_minor, currency, value_late_minor, value_late_currency,
          action_cost_minor, action_cost_currency, shipment_cost_minor, penalty_minor, outcome_currency
        FROM shipment_story ORDER BY action_id`,
      format: 'JSONEachRow',
      clickhouse_settings: { output_format_json_quote_64bit_integers: 0 },
    });
    const shared = {
      shipment_id: 's1',
      exception_id: 's1/delay',
      severity: 50,
      orders_hit: 2,
      lines_late: 1,
      prediction_id: 'p/s1',
      probability: 0.8,
      threshold: 0.5,
      minutes_late: 45,
      breached: true,
      inquiries: 2,
      value_minor: 2_500_000,
      currency: 'USD',
      value_late_minor: 40_000,
      value_late_currency: 'EUR',
      shipment_cost_minor: 18_000,
      penalty_minor: 50_000,
      outcome_currency: 'USD',
    };
    expect(await answer.json()).toEqual([
      {
        ...shared,
        action_id: 'a1',
        action_type: 'expedite',
        action_state: 'sent',
        suppressed_because: null,
        attempts: 2,
        action_error: null,
        decided_by: 'dana',
        decided_as: 'planner, lead',
        verdict: 'approve',
        decided_reason: 'worth_it',
        decided_after_min: 9,
        action_cost_minor: 18_000,
        action_cost_currency: 'USD',
      },
      {
        ...shared,
        action_id: 'a2',
        action_type: 'notify_customer',
        action_state: 'suppressed',
        suppressed_because: 'opted_out',
        attempts: null,
        action_error: null,
        decided_by: null,
        decided_as: null,
        verdict: null,
        decided_reason: null,
        decided_after_min: null,
        action_cost_minor: 0,
        action_cost_currency: 'USD',
      },
    ]);
  });

  it('has a row for an exception without action, prediction and outcome', async () => {
    await put('exceptions', [exceptionOf('s2', 'dwell')]);
    const answer = await client.query({
      query: `SELECT action_id, prediction_id, outcome_id, verdict, decided_as, penalty_minor
        FROM shipment_story WHERE shipment_id = 's2'`,
      format: 'JSONEachRow',
    });
    expect(await answer.json()).toEqual([
      {
        action_id: null,
        prediction_id: null,
        outcome_id: null,
        verdict: null,
        decided_as: null,
        penalty_minor: null,
      },
    ]);
  });
});
