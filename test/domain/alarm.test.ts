import { expect, it } from 'vitest';
import { predictionOf } from '../../domain/alarm.ts';
import { carrierRecordOf } from '../../domain/carrier-rate.ts';
import { featureNames } from '../../domain/features.ts';
import { notFollowed } from '../../domain/follow.ts';
import { at, hubPlan } from './sample-shipment.ts';

const predictedAt = (now: number, trigger = 'event-1') => {
  const plan = hubPlan();
  const { progress } = notFollowed;
  return predictionOf({
    candidate: {
      moving: { plan, progress, trigger, advanced: true, ended: false, heardAt: now, gap: null },
      context: {
        plan,
        progress,
        now,
        weatherOnPath: { severity: 0, count: 0 },
        portAhead: 0,
        record: carrierRecordOf(() => undefined, plan),
      },
    },
    probability: 0.2,
    threshold: 0.5,
    answered: 'model',
    modelVersion: 'm@1',
    modelVersions: ['m@1'],
    eta: null,
    cause: null,
    risks: {},
    features: new Float32Array(featureNames.length),
  });
};

it('knows a prediction again whose event was heard anew, a step of log time later', () => {
  const { id } = predictedAt(at(7));
  expect(predictedAt(at(7) + 1 / 1024).id).toBe(id);
  expect(predictedAt(at(7) + 1).id).not.toBe(id);
  expect(predictedAt(at(7), 'event-2').id).not.toBe(id);
});
