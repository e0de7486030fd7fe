import { featureSet } from '../../../domain/feature-set.ts';
import { type Labelled, labelled } from '../../../domain/labelled.ts';
import { predictionHeard } from '../../pipelines/labels-story.ts';

export const DAY = 86_400_000;
export const NOON = Date.UTC(2024, 0, 1, 12);

export const predictionOf = (id: string, features: readonly (number | null)[], set = featureSet) => ({
  ...predictionHeard(id, 0).row,
  id,
  heardAt: NOON,
  featureSet: set,
  features: [...features],
});

/** Of the shipment `S-<id>`, made at noon and known two days later. */
export const labelOf = (id: string, label: 0 | 1 | null, change: Partial<Labelled> = {}): Labelled => ({
  ...labelled.parse({
    id,
    version: 1,
    at: NOON + DAY,
    heardAt: NOON + 5 * DAY,
    shipmentId: `S-${id}`,
    customerId: 'C1',
    tier: 'standard',
    carrier: 'ACME',
    lane: 'AAA-ZZZ',
    service: 'ltl',
    stage: 'plan',
    predictedAt: NOON,
    knownAt: NOON + 2 * DAY,
    modelVersion: 'm@1',
    answered: 'model',
    probability: 0.8,
    threshold: 0.5,
    promisedAt: NOON + 2 * DAY,
    deliveredAt: NOON + DAY,
    label,
    minutesLate: 10,
    cause: 'none',
    happened: ['weather'],
    treatments: [],
    treated: false,
    holdOut: false,
    propensity: 0,
  }),
  ...change,
});
