import { nothingPredicted } from '../../domain/nothing-predicted.ts';
import { describe, expect, it } from 'vitest';
import type { Outcome } from '../../../domain/outcome.ts';
import type { Prediction } from '../../../domain/prediction.ts';
import { shipmentPlan } from '../../../domain/shipment-plan.ts';
import { trackingEvent } from '../../../domain/tracking-event.ts';
import { formatStages } from '../../../cli/format-stages.ts';
import { evaluateLogged } from '../../../models/evaluation/logged.ts';
import type { RecordedShipment } from '../../../models/evaluation/recorded-points.ts';
import { plainOutcome } from '../../support/plain-fields.ts';

const hourMs = 3_600_000;
const source = { feed: 'test', document: 'd', position: 0, decoder: 'canonical', mapping: null };

/** One inbound leg and one outbound leg, planned at 2, 4, 6 and 10 h, promised for 10 h; `lateHours` slower from the start. */
const shipmentOf = (shipmentId: string, lateHours: number): RecordedShipment => {
  const steps = [
    { key: 'i1:rcs', kind: 'pickup', leg: 0, hour: 2, status: 'picked_up' },
    { key: 'i1:dlv', kind: 'hub_delivery', leg: 0, hour: 4, status: 'arrived' },
    { key: 'o:rcf:1', kind: 'arrival', leg: 1, hour: 6, status: 'arrived' },
    { key: 'o:dlv', kind: 'delivery', leg: 1, hour: 10, status: 'delivered' },
  ];
  const leg = { carrier: 'C', mode: 'air', from: 'A', to: 'B', departAt: 0, arriveAt: 10 * hourMs };
  return {
    plan: shipmentPlan.parse({
      id: `${shipmentId}:plan`,
      at: 0,
      heardAt: 0,
      source,
      shipmentId,
      customerId: 'K',
      carrier: 'C',
      service: 'air',
      mode: 'air',
      lane: 'A-B',
      legs: [leg, leg],
      milestones: steps.map((step) => ({
        key: step.key,
        kind: step.kind,
        leg: step.leg,
        plannedAt: step.hour * hourMs,
      })),
      promisedAt: 10 * hourMs,
    }),
    events: steps.map((step) => {
      const at = (step.hour + lateHours) * hourMs;
      const { key, status } = step;
      return trackingEvent.parse({
        id: `${shipmentId}:${key}`,
        at,
        heardAt: at,
        source,
        shipmentId,
        status,
        leg: step.leg,
        milestone: key,
      });
    }),
  };
};

const predictionOf = (eventId: string, heardAt: number, probability: number): Prediction => ({
  id: `p:${eventId}`,
  at: heardAt,
  heardAt,
  shipmentId: eventId.split(':')[0]!,
  customerId: 'K',
  carrier: 'C',
  lane: 'A-B',
  stage: 'any',
  modelVersion: 'm@1',
  ...nothingPredicted,
  answered: eventId.endsWith('plan') ? 'fallback' : 'model',
  probability,
  threshold: 0.5,
  promisedAt: 10 * hourMs,
  expectedAt: 10 * hourMs,
  featureSet: '',
  features: [],
  eventId,
});

const outcomeOf = (shipmentId: string, lateHours: number): Outcome => ({
  ...plainOutcome,
  id: `o:${shipmentId}`,
  version: 1,
  at: 0,
  heardAt: 0,
  shipmentId,
  customerId: 'K',
  tier: 'standard',
  carrier: 'C',
  lane: 'A-B',
  service: 'air',
  result: 'delivered',
  promisedAt: 10 * hourMs,
  deliveredAt: (10 + lateHours) * hourMs,
  minutesLate: lateHours * 60,
  breached: lateHours > 0,
  exceptions: [],
  actions: [],
  peakProbability: null,
  predicted: false,
  customerToldAt: null,
  toldBeforeBreach: false,
});

describe('evaluateLogged', () => {
  const late = { S1: 3, S2: 1, S3: -1, S4: 0 };
  const shipments = Object.entries(late).map(([id, hours]) => shipmentOf(id, hours));
  const outcomes = Object.entries(late).map(([id, hours]) => outcomeOf(id, hours));
  const hub = { S1: 0.9, S2: 0.4, S3: 0.6, S4: 0.1 };
  const predictions = [
    ...Object.keys(late).map((id) => predictionOf(`${id}:plan`, 0, 0.3)),
    ...Object.entries(hub).map(([id, probability]) =>
      predictionOf(`${id}:i1:dlv`, (4 + late[id as keyof typeof late]) * hourMs, probability),
    ),
  ];
  const stages = evaluateLogged({ shipments, predictions, outcomes });
  const at = (name: string) => stages.find(({ stage }) => stage === name) ?? expect.fail(`no ${name}`);

  it('joins what was said with what came of it, stage by stage', () => {
    expect(stages.map(({ stage }) => stage)).toEqual([
      'plan',
      'every',
      'inbound hub_delivery',
      'after the hub delivery',
    ]);
    // S1 and S2 were late: of the pairs late × punctual only S2 against S3 is the wrong way round.
    expect(at('after the hub delivery')).toMatchObject({ rows: 4, rate: 0.5, auc: 0.75, ruleAuc: 1 });
    expect(at('plan')).toMatchObject({ rows: 4, auc: 0.5, ruleAuc: 0.5, alarms: 0 });
  });

  it('counts alarms at the threshold of each prediction, and the time that the true ones gave', () => {
    // S1 alarmed at 7 h and came late, S3 alarmed in vain.
    expect(at('after the hub delivery')).toMatchObject({
      alarms: 0.5,
      precision: 0.5,
      recall: 0.5,
      leadHours: 3,
    });
  });

  it('tells how much the model answered', () => {
    expect(at('plan').byModel).toBe(0);
    expect(at('every').byModel).toBe(0.5);
    expect(formatStages(stages)).toMatch(/^after the hub delivery +4 +0\.500 +0\.750 .* 100\.0 % /m);
    expect(formatStages(stages)).toMatch(/^plan .* no alarm$/m);
  });

  it('leaves out what never ended, and what was said after the end', () => {
    const more = [...predictions, predictionOf('S1:o:rcf:1', 14 * hourMs, 0.9)];
    const without = evaluateLogged({ shipments, predictions: more, outcomes: outcomes.slice(0, 3) });
    expect(without.map(({ stage, rows }) => [stage, rows])).toEqual([
      ['plan', 3],
      ['every', 6],
      ['inbound hub_delivery', 3],
      ['after the hub delivery', 3],
    ]);
  });
});
