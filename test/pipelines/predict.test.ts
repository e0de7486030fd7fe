import { riskAlone } from '../../runtime/scorer-service.ts';
import { expect, it } from 'vitest';
import type { Prediction } from '../../domain/prediction.ts';
import type { Rules } from '../../domain/rules.ts';
import { featureNames } from '../../domain/features.ts';
import { predict } from '../../pipelines/predict.ts';
import { rateKey, scopesOf } from '../../domain/carrier-rate.ts';
import {
  carrierRates,
  partitionsByTopic,
  plans,
  predictions,
  rulesInForce,
  signals,
} from '../../pipelines/topics.ts';
import type { Topic } from '../../runtime/topic.ts';
import { at, hubPlan } from '../domain/sample-shipment.ts';
import { rules as shippedRules } from '../rules/shipped-rules.ts';
import { startRun } from '../support/law-run.ts';
import { MemoryLog } from '../support/memory-log.ts';
import { tempFolder } from '../support/temp-folder.ts';

const rulesWith = (alarms?: Readonly<Record<string, number>>): Rules => ({
  ...shippedRules,
  ...(alarms === undefined ? {} : { alarms }),
});

/** The champion is m@1, whose own threshold is 0.50, and says 0.55 of everything. */
const scorer = {
  modelVersion: 'm@1',
  threshold: 0.5,
  columns: featureNames.length,
  score: (_: Float32Array, rows: number) =>
    Promise.resolve(riskAlone('m@1', 0.5, new Float32Array(rows).fill(0.55))),
};

it('holds the alarm to the threshold that the rules in force name for this version of the model', async () => {
  const log = new MemoryLog({ topics: partitionsByTopic(1), time: 'recorded' });
  const run = await startRun([predict('m', rulesWith())], log, { stateFolder: await tempFolder(), scorer });
  const hear = async <T>(topic: Topic<T>, minutes: number, row: T): Promise<void> => {
    await log.append(topic.name, { key: topic.key(row), value: topic.write(row) }, { heardAt: at(minutes) });
  };
  const plan = async (shipmentId: string, minutes: number): Promise<void> =>
    hear(plans, minutes, hubPlan({ id: `plan-${shipmentId}`, shipmentId, heardAt: at(minutes) }));
  await plan('own', 0);
  await hear(rulesInForce, 1, { heardAt: at(1), rules: rulesWith({ 'm@2': 0.9 }) });
  await plan('of-another-version', 2);
  await hear(rulesInForce, 3, { heardAt: at(3), rules: rulesWith({ 'm@1': 0.6 }) });
  await plan('by-rules', 4);
  await hear(rulesInForce, 5, { heardAt: at(5), rules: rulesWith() });
  await plan('own-again', 6);
  // History is not predicted.
  const imported = { ...hubPlan().source, document: 'erp/import:1' };
  await hear(
    plans,
    2_000,
    hubPlan({ id: 'plan-old', shipmentId: 'old', source: imported, heardAt: at(2_000) }),
  );
  await run.settle(at(2_000));
  await run.stop();

  const all = async <T>(topic: Topic<T>): Promise<readonly T[]> =>
    (await log.read(topic.name, 0, 0)).map((record) => topic.read(record));
  const thresholds = (await all(predictions)).map(({ shipmentId, threshold, modelVersion }: Prediction) => [
    shipmentId,
    threshold,
    modelVersion,
  ]);
  expect(thresholds).toEqual([
    ['own', 0.5, 'm@1'],
    ['of-another-version', 0.5, 'm@1'],
    ['by-rules', 0.6, 'm@1'],
    ['own-again', 0.5, 'm@1'],
  ]);
  expect((await all(signals)).map(({ shipmentId }) => shipmentId)).toEqual([
    'own',
    'of-another-version',
    'own-again',
  ]);
});

it('sees how the carrier did as it was known when the prediction was made', async () => {
  const log = new MemoryLog({ topics: partitionsByTopic(1), time: 'recorded' });
  const run = await startRun([predict('m', rulesWith())], log, { stateFolder: await tempFolder(), scorer });
  const hear = async <T>(topic: Topic<T>, minutes: number, row: T): Promise<void> => {
    await log.append(topic.name, { key: topic.key(row), value: topic.write(row) }, { heardAt: at(minutes) });
  };
  const plan = async (shipmentId: string, minutes: number): Promise<void> =>
    hear(plans, minutes, hubPlan({ id: `plan-${shipmentId}`, shipmentId, heardAt: at(minutes) }));
  const rates = async (minutes: number, shipments: number, inTime: number): Promise<void> => {
    for (const [index, scope] of scopesOf(hubPlan()).entries())
      await hear(carrierRates, minutes + index / 100, {
        id: `rate-${minutes}-${index}`,
        at: at(minutes),
        heardAt: at(minutes),
        key: rateKey(scope),
        ...scope,
        windowFrom: at(0),
        shipments,
        inTime,
        share: inTime / shipments,
      });
  };
  await plan('before', 0);
  await rates(1, 80, 80);
  await plan('between', 2);
  await rates(3, 100, 0);
  await plan('after', 4);
  await run.settle(at(4));
  await run.stop();
  const known = (await log.read(predictions.name, 0, 0)).map((record) => predictions.read(record));
  const of = (name: string): readonly (number | null)[] =>
    known.map(({ features }) => features[featureNames.indexOf(name)] ?? null);
  expect(of('carrier_shipments')).toEqual([0, 80, 100]);
  const [before, between, after] = of('carrier_on_time');
  expect(before).toBeNull();
  expect(between).toBeGreaterThan(0.98);
  expect(after).toBeLessThan(0.02);
});
