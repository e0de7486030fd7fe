import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { latestRetrainings, type Retraining } from '../../../domain/retraining.ts';
import type { MaturedPair } from '../../../models/promotion/matured-pair.ts';
import { promotionRule } from '../../../domain/promotion-rule.ts';
import type { ModelRegistry } from '../../../models/registry.ts';
import { seededRandom } from '../../../models/training/seeded-random.ts';
import { train } from '../../../models/training/train.ts';
import { wallClock } from '../../../runtime/clock.ts';
import type { EmbeddedLog } from '../../../runtime/log/embedded-log.ts';
import { lookAtModels, type PairsWanted } from '../../../runtime/wire/learning/look-at-models.ts';
import type { ModelsControl } from '../../../runtime/wire/models-in-force.ts';
import { pairsOf } from '../../models/promotion/pairs.ts';
import { noisyRows } from '../../models/training/noisy-rows.ts';
import { openModels } from './open-models.ts';

const { matrix, labels, rows, columns } = noisyRows(200, 5);
const rule = promotionRule.parse({ draws: 150 });
const DAY_MS = 86_400_000;

let registry: ModelRegistry;
let control: ModelsControl;
let log: EmbeddedLog;
let now = 0;
let trees = 10;
let records: Retraining[] = [];

const publish = (): Promise<string> =>
  registry.publish('late', {
    trained: train({ matrix, rows, columns, labels }, { objective: 'binary', trees: (trees += 1) }),
    features: ['a', 'b', 'c', 'd', 'e'],
    threshold: 0.4,
    card: {},
  });

const words = { by: 'Dana', reason: 'because', numbers: {} };
const better = pairsOf({ shipments: 600, rows: 2, incumbentNoise: 1.4, candidateNoise: 0.4, seed: 1 });
const alike = pairsOf({ shipments: 600, rows: 2, incumbentNoise: 0.6, candidateNoise: 0.6, seed: 9 });
const worse = pairsOf({ shipments: 600, rows: 2, incumbentNoise: 0.4, candidateNoise: 1.4, seed: 1 });

const look = async (
  pairs: readonly MaturedPair[],
  asked: PairsWanted[] = [],
  latencyRatio = 1,
): Promise<void> =>
  lookAtModels({
    control,
    rule,
    pairs: (wanted) => {
      asked.push(wanted);
      return Promise.resolve({ pairs, offBy: null, latencyRatio });
    },
    isDue: () => true,
    isRipe: () => Promise.resolve(true),
    signal: new AbortController().signal,
    retrainings: () => Promise.resolve(latestRetrainings(records)),
    record: (row) => {
      records.push(row);
      return Promise.resolve();
    },
    train: publish,
    now: () => now,
    seeded: seededRandom,
    note: () => undefined,
  });

const request = (id: string): Retraining => ({
  id,
  version: 1,
  at: now,
  heardAt: now,
  model: 'late',
  state: 'requested',
  by: 'learn',
  reason: 'log-loss rose',
  findings: ['f-1'],
  changedAt: null,
  modelVersion: null,
});

beforeEach(async () => {
  ({ registry, log, control } = await openModels());
  now = wallClock.now();
  records = [];
  await control.decide({ model: 'late', version: await publish(), kind: 'promoted', ...words });
});
afterEach(async () => log.close());

const aliases = () => control.inForce()['late']!;

describe('lookAtModels', () => {
  it('goes from a request to a promoted model, and lets go of the one before when nothing bad is heard', async () => {
    const { champion: first } = aliases();
    records.push(request('r-1'));
    await look([]);
    const { challenger } = aliases();
    expect(challenger).not.toBeNull();
    expect(latestRetrainings(records)).toMatchObject([{ state: 'challenges', modelVersion: challenger }]);

    await look(alike);
    expect(aliases()).toEqual({ champion: first, challenger, shadow: null });
    const asked: PairsWanted[] = [];
    await look(better, asked);
    expect(asked).toEqual([
      { model: 'late', incumbent: first, candidate: challenger, since: expect.any(Number) },
    ]);
    expect(aliases()).toEqual({ champion: challenger, challenger: null, shadow: first });

    await look(alike);
    expect(aliases().shadow).toBe(first);
    now += 15 * DAY_MS;
    await look(alike);
    expect(aliases()).toEqual({ champion: challenger, challenger: null, shadow: null });
    const decisions = await registry.decisions('late');
    expect(decisions.map(({ kind }) => kind)).toEqual(['promoted', 'challenged', 'promoted', 'released']);
    expect(decisions[2]).toMatchObject({
      by: 'promotion rule',
      numbers: { shipments: 600, gainLow: expect.any(Number), latencyRatio: 1 },
    });
  });

  it('takes back what does harm', async () => {
    const { champion: first } = aliases();
    const second = await publish();
    await control.decide({ model: 'late', version: second, kind: 'promoted', ...words });
    // The one before is the candidate of these pairs.
    await look(better);
    expect(aliases()).toEqual({ champion: first, challenger: null, shadow: null });
    expect((await registry.decisions('late')).at(-1)).toMatchObject({ kind: 'rolled_back', version: first });
  });

  it('rejects what is worse, and what cannot be told apart in time', async () => {
    const { champion } = aliases();
    for (const [pairs, days] of [
      [worse, 0],
      [alike, 22],
    ] as const) {
      await control.decide({ model: 'late', version: await publish(), kind: 'challenged', ...words });
      now = log.closedUntil + days * DAY_MS;
      await look(pairs);
      expect(aliases()).toEqual({ champion, challenger: null, shadow: null });
    }
  });

  it('trains one at a time, and says what failed', async () => {
    records.push(request('r-1'), request('r-2'));
    await look([]);
    expect(latestRetrainings(records).map(({ state }) => state)).toEqual(['challenges', 'requested']);
    await look(worse);
    expect(latestRetrainings(records).map(({ state }) => state)).toEqual(['challenges', 'challenges']);
    await look(worse);
    await lookAtModels({
      control,
      rule,
      pairs: () => Promise.resolve({ pairs: [], offBy: null, latencyRatio: null }),
      isDue: () => true,
      isRipe: () => Promise.resolve(true),
      signal: new AbortController().signal,
      retrainings: () => Promise.resolve([request('r-3')]),
      record: (row) => {
        records.push(row);
        return Promise.resolve();
      },
      train: () => Promise.reject(new Error('both labels are needed\nat train')),
      now: () => now,
      seeded: seededRandom,
      note: () => undefined,
    });
    expect(records.at(-1)).toMatchObject({ id: 'r-3', state: 'failed', reason: 'both labels are needed' });
  });
});
