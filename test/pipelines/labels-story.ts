import { type Action, action } from '../../domain/action.ts';
import { type Outcome, outcome } from '../../domain/outcome.ts';
import { type Prediction, prediction } from '../../domain/prediction.ts';
import { actions, outcomes, predictions } from '../../pipelines/topics.ts';
import { monday } from '../domain/sample-shipment.ts';
import { day, type Heard, hour } from './carriers-story.ts';

/** Every shipment is promised at the end of the second day. */
export const promised = 2 * day;

export const predictionHeard = (
  shipmentId: string,
  heardAt: number,
  change: Partial<Prediction> = {},
): Heard<Prediction> => ({
  topic: predictions,
  heardAt: monday + heardAt,
  row: prediction.parse({
    id: `P-${shipmentId}-${heardAt / hour}`,
    at: monday + heardAt,
    heardAt: monday + heardAt,
    shipmentId,
    customerId: 'C1',
    carrier: 'ACME',
    lane: 'AAA-ZZZ',
    stage: 'departure',
    modelVersion: 'm@1',
    answered: 'model',
    probability: 0.8,
    threshold: 0.5,
    promisedAt: monday + promised,
    expectedAt: monday + promised,
    features: [1, null],
    eventId: 'E',
    ...change,
  }),
});

export const outcomeHeard = (
  shipmentId: string,
  heardAt: number,
  deliveredAt: number,
  change: Partial<Outcome> = {},
): Heard<Outcome> => ({
  topic: outcomes,
  heardAt: monday + heardAt,
  row: outcome.parse({
    id: `O-${shipmentId}`,
    version: 1,
    at: monday + deliveredAt,
    heardAt: monday + heardAt,
    shipmentId,
    customerId: 'C1',
    tier: 'standard',
    carrier: 'ACME',
    lane: 'AAA-ZZZ',
    service: 'ltl',
    result: 'delivered',
    promisedAt: monday + promised,
    deliveredAt: monday + deliveredAt,
    minutesLate: (deliveredAt - promised) / 60_000,
    breached: deliveredAt > promised,
    exceptions: [],
    actions: [],
    peakProbability: 0.8,
    predicted: true,
    customerToldAt: null,
    toldBeforeBreach: false,
    ...change,
  }),
});

export const actionHeard = (
  shipmentId: string,
  heardAt: number,
  change: Partial<Action> = {},
): Heard<Action> => ({
  topic: actions,
  heardAt: monday + heardAt,
  row: action.parse({
    id: `A-${shipmentId}`,
    version: 1,
    at: monday + heardAt,
    heardAt: monday + heardAt,
    exceptionId: `E-${shipmentId}`,
    shipmentId,
    customerId: 'C1',
    type: 'rebook',
    playbook: 'delay',
    step: 'rebook',
    destination: 'tms',
    template: 'rebook',
    authority: 'auto',
    state: 'sent',
    role: null,
    approvalDueAt: null,
    expiresAt: null,
    costMinor: 0,
    propensity: 1,
    decidedBy: 'playbook',
    decidedReason: null,
    dueAt: monday + heardAt,
    sentAt: monday + heardAt,
    facts: {},
    ...change,
  }),
});
