import { beforeAll, describe, expect, it } from 'vitest';
import type { ShipmentException } from '../../../domain/exception.ts';
import { formatReport } from '../../../sinks/clickhouse/format-report.ts';
import { applyMigrations } from '../../../sinks/clickhouse/migrations.ts';
import { report } from '../../../sinks/clickhouse/report.ts';
import { clickHouseForTests } from './clickhouse-here.ts';
import { actionOf, exceptionOf, MINUTE, NOON, outcomeOf, predictionOf, rowsInto } from './story-fixture.ts';

const { server, client } = await clickHouseForTests();

const put = rowsInto(client);
const putExceptions = async (rows: readonly ShipmentException[]): Promise<void> => {
  await put('exceptions', rows);
  await put('exception_history', rows);
};

describe.skipIf(server === undefined)('report', () => {
  beforeAll(async () => {
    await applyMigrations(client);
  });

  it('has words for nothing', async () => {
    expect(formatReport(await report(client))).toBe('Nothing was raised and no shipment has ended yet.');
  });

  it('counts what was raised, predicted, true, acted on and broken', async () => {
    // s0–s2: predicted, broken. s3: predicted, kept. s4: only detected, broken. s5: nobody saw it coming, broken.
    // s6: predicted, still under way. s7: predicted after the promise had passed, broken.
    const predicted = ['s0', 's1', 's2', 's3', 's6'].map((shipment, index) =>
      exceptionOf(shipment, 'delay_predicted', {
        leadTimeMin: index * 60,
        evidence: { events: ['e'], alerts: [], ports: [], predictions: [`p/${shipment}`] },
      }),
    );
    const late = exceptionOf('s7', 'delay_predicted', { raisedAt: NOON + 130 * MINUTE, leadTimeMin: -10 });
    const seen = exceptionOf('s4', 'missing_scan', {
      kind: 'detected',
      leadTimeMin: null,
      probability: null,
    });
    await putExceptions([...predicted, late, seen]);
    // What came true is detected in its second version, and is a prediction all the same.
    await putExceptions(
      predicted.slice(0, 1).map((row) => ({ ...row, version: 2, kind: 'detected' as const })),
    );
    await put('outcomes', [
      outcomeOf('s0', 30, { toldBeforeBreach: true }),
      outcomeOf('s1', 30, { penaltyMinor: 57_000, valueMinor: 2_500, inquiries: 2 }),
      outcomeOf('s2', 30),
      outcomeOf('s3', -5),
      outcomeOf('s4', 10),
      outcomeOf('s5', 10),
      outcomeOf('s7', 90),
    ]);
    const [first, second] = predicted;
    if (first === undefined || second === undefined) throw new Error('no exceptions');
    await put('actions', [actionOf(first, 'due'), actionOf(second, 'confirmed')]);
    const sent = { ...actionOf(first, 'sent'), version: 2, costMinor: 18_000, sentAt: NOON + MINUTE };
    await put('actions', [sent, actionOf(seen, 'failed')]);
    await put('action_history', [actionOf(first, 'due'), sent]);
    await put('predictions', [predictionOf('s0')]);

    const made = await report(client);
    expect(made.categories).toEqual([
      {
        category: 'delay_predicted',
        family: 'delay',
        raised: 6,
        predicted: 6,
        medianLeadMin: 90,
        precision: { hits: 4, of: 5 },
        recall: { hits: 3, of: 4 },
        breaches: 4,
        actions: { confirmed: 1, sent: 1 },
      },
      {
        category: 'missing_scan',
        family: 'delay',
        raised: 1,
        predicted: 0,
        medianLeadMin: null,
        precision: { hits: 0, of: 0 },
        recall: { hits: 0, of: 1 },
        breaches: 1,
        actions: { failed: 1 },
      },
    ]);
    expect(made.total).toEqual({
      raised: 7,
      predicted: 6,
      medianLeadMin: 90,
      precision: { hits: 4, of: 5 },
      recall: { hits: 3, of: 6 },
      breaches: 6,
      actions: { confirmed: 1, failed: 1, sent: 1 },
      ended: 7,
      toldBeforeBreach: { hits: 1, of: 6 },
      asked: { hits: 1, of: 7 },
      money: [{ currency: 'USD', actionsMinor: 18_000, penaltiesMinor: 57_000, breachedValueMinor: 2_500 }],
    });
    expect(formatReport(made).split('\n').slice(0, 6)).toEqual([
      'category         raised  predicted  median lead                 precision                    recall  breaches  actions',
      expect.stringMatching(/^-+$/),
      'delay_predicted       6  6 (100 %)       90 min  4 of 5, not enough cases  3 of 4, not enough cases         4  1 confirmed, 1 sent',
      'missing_scan          1    0 (0 %)   no promise                  no cases  0 of 1, not enough cases         1  1 failed',
      expect.stringMatching(/^-+$/),
      'all                   7   6 (86 %)       90 min  4 of 5, not enough cases  3 of 6, not enough cases         6  1 confirmed, 1 failed, 1 sent',
    ]);
  });

  it('counts in its period only', async () => {
    const { categories, total } = await report(client, { from: NOON + 1, to: NOON + 150 * MINUTE });
    expect(categories.map(({ category, raised }) => [category, raised])).toEqual([['delay_predicted', 1]]);
    expect(total).toMatchObject({ raised: 1, ended: 0 });
  });

  it('has exception, prediction, action and outcome in one query', async () => {
    const answer = await client.query({
      query: `SELECT exception_id, prediction_id, probability, action_state, outcome_id, minutes_late, breached
        FROM shipment_story WHERE shipment_id IN ('s0', 's6') ORDER BY shipment_id`,
      format: 'JSONEachRow',
    });
    expect(await answer.json()).toEqual([
      {
        exception_id: 's0/delay_predicted',
        prediction_id: 'p/s0',
        probability: 0.8,
        action_state: 'sent',
        outcome_id: 'outcome/s0',
        minutes_late: 30,
        breached: true,
      },
      {
        exception_id: 's6/delay_predicted',
        prediction_id: null,
        probability: null,
        action_state: null,
        outcome_id: null,
        minutes_late: null,
        breached: null,
      },
    ]);
  });
});

describe('formatReport', () => {
  it('says shares where there are cases enough', () => {
    const line = {
      raised: 20,
      predicted: 12,
      medianLeadMin: 61.5,
      precision: { hits: 9, of: 12 },
      recall: { hits: 9, of: 10 },
      breaches: 10,
      actions: { sent: 2, awaiting_approval: 11 },
    };
    const text = formatReport({
      categories: [{ category: 'dwell', family: 'delay', ...line }],
      total: {
        ...line,
        ended: 1,
        toldBeforeBreach: { hits: 5, of: 10 },
        asked: { hits: 3, of: 12 },
        money: [
          { currency: 'EUR', actionsMinor: 0, penaltiesMinor: 0, breachedValueMinor: 900 },
          { currency: 'USD', actionsMinor: 18_000, penaltiesMinor: 57_000, breachedValueMinor: 0 },
        ],
      },
    });
    expect(text).toContain(
      '12 (60 %)       62 min       75 %    90 %        10  11 awaiting approval, 2 sent',
    );
    expect(text).toContain(
      '1 shipment ended, 10 after the promise; the customer was told before it in 50 % of those, and asked about 25 % of all.',
    );
    expect(text).toContain('$180.00 spent on actions that left, $570.00 in penalties.');
    expect(text).not.toContain('€');
  });
});
