import type { ModelDecisionKind } from '../../../domain/model-decision.ts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { featureNames } from '../../../domain/features.ts';
import { modelRegistry, type ModelRegistry } from '../../../models/registry.ts';
import { createScorer } from '../../../models/scoring/create-scorer.ts';
import type { Signature } from '../../../models/signature.ts';
import { modelOfRule } from '../../../models/training/stage-rates.ts';
import { createMetrics } from '../../../runtime/metrics/metrics.ts';
import { type Scoring, startScoring } from '../../../runtime/wire/start-scoring.ts';
import { always } from '../../models/own/onnx-files.ts';
import { tempFolder } from '../../support/temp-folder.ts';

const taken = featureNames.slice(0, 2);
let folder: string;
let registry: ModelRegistry;
let scoring: Scoring | undefined;

beforeEach(async () => {
  folder = await tempFolder();
  registry = modelRegistry(folder);
});
afterEach(async () => {
  await scoring?.close();
  scoring = undefined;
});

const output = (kind: Signature['outputs'][number]['kind'], more: object = {}) => [
  { name: 'y', kind, gives: 'probability' as const, ...more },
];

/** A model of the family that says these numbers of every row. */
const add = async (model: string, numbers: readonly number[], outputs = output('risk')): Promise<string> =>
  registry.add({
    onnx: always(taken.length, numbers),
    signature: {
      model,
      origin: 'other',
      features: taken.map((name) => ({ name, type: 'float32' })),
      input: 'x',
      outputs,
      calibration: { kind: 'in-graph' },
      threshold: 0.5,
    },
    golden: {},
    card: {},
  });

const decide = (model: string, kind: ModelDecisionKind, version: string) =>
  registry.decide({ model, version, kind, at: 0, by: 'test', reason: 'because', numbers: {} });

const start = async (): Promise<Scoring> =>
  (scoring = await startScoring({
    registry,
    model: 'late',
    workers: 1,
    timeoutMs: 20_000,
    metrics: createMetrics(),
    note: () => undefined,
  }));

const matrix = (rows: number): Float32Array => new Float32Array(rows * featureNames.length);

describe('startScoring', () => {
  it('scores a row by all families in one question, and is silent where there is no model', async () => {
    const late = await add('late', [0.75]);
    await decide('late', 'promoted', late);
    await start();
    const alone = await scoring!.service('late').score(matrix(2), 2);
    expect(alone).toEqual({
      modelVersion: `late@${late}`,
      threshold: 0.5,
      modelVersions: [`late@${late}`],
      risk: Float32Array.of(0.75, 0.75),
      eta: null,
      cause: null,
      risks: [],
    });
    const eta = await add('eta', [-5, 0, 30], output('quantiles', { levels: [0.1, 0.5, 0.9] }));
    const cause = await add('cause', [0.25, 0.75], output('classes', { labels: ['traffic', 'weather'] }));
    const damage = await add('risk-damage', [0.125]);
    await add('risk-without-champion', [0.5]);
    for (const [model, version] of [
      ['eta', eta],
      ['cause', cause],
      ['risk-damage', damage],
    ] as const)
      await decide(model, 'promoted', version);
    await scoring!.reload();
    const all = await scoring!.service('late').score(matrix(2), 2);
    expect(all.modelVersions.toSorted()).toEqual(
      [`cause@${cause}`, `eta@${eta}`, `late@${late}`, `risk-damage@${damage}`].toSorted(),
    );
    expect(all.eta).toEqual({ levels: [0.1, 0.5, 0.9], minutes: Float32Array.of(-5, 0, 30, -5, 0, 30) });
    expect(all.cause?.probabilities).toEqual(Float32Array.of(0.25, 0.75, 0.25, 0.75));
    expect(all.risks).toEqual([{ category: 'damage', risk: Float32Array.of(0.125, 0.125) }]);
    expect(all.risk).toEqual(Float32Array.of(0.75, 0.75));
  });

  it('says what a rule says without asking a thread, and names it as one', async () => {
    const late = await add('late', [0.75]);
    await decide('late', 'promoted', late);
    const stages = [
      { stage: null, rate: 0.125, rows: 40 },
      { stage: 2, rate: 0.5, rows: 60 },
    ];
    const kept = { column: 0, stages, otherwise: 0.25, rows: 100 };
    const version = await registry.publish('risk-damage', {
      trained: modelOfRule(kept, featureNames.length),
      features: featureNames,
      threshold: 0.5,
      card: { how: 'rates' },
      rule: {
        column: featureNames[0]!,
        stages: stages.map(({ stage, rate }) => ({ stage, rate })),
        otherwise: 0.25,
      },
    });
    await decide('risk-damage', 'promoted', version);
    await start();
    const rows = matrix(3);
    for (const [at, value] of [NaN, 2, 7].entries()) rows[at * featureNames.length] = value;
    const { risks, modelVersions } = await scoring!.service('late').score(rows, 3);
    expect(risks).toEqual([{ category: 'damage', risk: Float32Array.of(0.125, 0.5, 0.25) }]);
    expect(version).toMatch(/^rule-[0-9a-f]{12}$/);
    expect(modelVersions).toEqual([`late@${late}`, `risk-damage@${version}`]);
    // Its file, by which it is compared with other versions, says the same.
    const loaded = await registry.load('risk-damage', version, featureNames);
    const scorer = await createScorer({ models: [loaded], columns: featureNames, timeoutMs: 20_000 });
    const [[told]] = (await scorer.score(rows, 3)) as [[Float32Array]];
    await scorer.close();
    for (const [at, rate] of [0.125, 0.5, 0.25].entries()) expect(told[at]).toBeCloseTo(rate, 6);
  });

  it('tells how long each version took, champions and shadows alike, since it was last asked', async () => {
    const [old, now] = [await add('late', [0.25]), await add('late', [0.75])];
    await decide('late', 'promoted', old);
    await decide('late', 'challenged', now);
    await start();
    const service = scoring!.service('late');
    await service.score(matrix(3), 3);
    await service.shadow!(matrix(2), 2);
    expect(scoring!.takeTimes()).toEqual([
      { modelVersion: `late@${old}`, rowsAtMost: 4, batches: 1, rows: 3, tookMs: expect.any(Number) },
      { modelVersion: `late@${now}`, rowsAtMost: 4, batches: 1, rows: 2, tookMs: expect.any(Number) },
    ]);
    expect(scoring!.takeTimes()).toEqual([]);
  });

  it('loses no row and doubles none when versions are swapped under load, and scores none by half a model', async () => {
    const versions = [await add('late', [0.25]), await add('late', [0.75])] as const;
    const says = new Map([
      [`late@${versions[0]}`, 0.25],
      [`late@${versions[1]}`, 0.75],
    ]);
    await decide('late', 'promoted', versions[0]);
    await start();
    const spoken = new Set<string>();
    let answered = 0;
    let isOver = false;
    const asker = async (rows: number): Promise<void> => {
      while (!isOver) {
        const { risk, modelVersion, modelVersions } = await scoring!
          .service('late')
          .score(matrix(rows), rows);
        expect(risk).toEqual(new Float32Array(rows).fill(says.get(modelVersion)!));
        expect(modelVersions).toEqual([modelVersion]);
        spoken.add(modelVersion);
        answered += rows;
      }
    };
    const asking = [1, 7, 64, 256, 300].map(asker);
    const beforeSwap = answered;
    for (const version of [versions[1], versions[0], versions[1]]) {
      await decide('late', 'promoted', version);
      await scoring!.reload();
      // From here on, whoever asks is answered by the new one.
      const { modelVersion } = await scoring!.service('late').score(matrix(1), 1);
      expect(modelVersion).toBe(`late@${version}`);
    }
    isOver = true;
    await Promise.all(asking);
    expect(answered).toBeGreaterThan(beforeSwap);
    expect([...spoken].toSorted()).toEqual([...says.keys()].toSorted());
  });

  it('scores by a pinned version, whatever is in force', async () => {
    const [old, now] = [await add('late', [0.25]), await add('late', [0.75])];
    await decide('late', 'promoted', now);
    await start();
    const service = scoring!.service('late');
    const pinned = await service.score(matrix(1), 1, [`late@${old}`]);
    expect([pinned.modelVersion, pinned.risk[0]]).toEqual([`late@${old}`, 0.25]);
    expect((await service.score(matrix(1), 1)).risk[0]).toBe(0.75);
    await expect(service.score(matrix(1), 1, ['late@none'])).rejects.toThrow(/^FW601 /);
  });

  it('asks versions in shadow beside the champion, and tells why a brought model is not explained', async () => {
    const [champion, rival] = [await add('late', [0.25]), await add('late', [0.75])];
    await decide('late', 'promoted', champion);
    await start();
    expect(scoring!.service('late').shadow).toBeUndefined();
    await decide('late', 'challenged', rival);
    await decide('late', 'shadowed', champion);
    await scoring!.reload();
    const service = scoring!.service('late');
    expect(await service.shadow!(matrix(3), 3)).toEqual([
      { modelVersion: `late@${rival}`, risk: Float32Array.of(0.75, 0.75, 0.75) },
    ]);
    expect(await service.explain!(matrix(1), `late@${champion}`)).toMatchObject({
      modelVersion: `late@${champion}`,
      contributions: [],
      absent: 'the model has no trees',
    });
  });

  it('leaves what is in force in force where the next one cannot be opened', async () => {
    const good = await add('late', [0.25]);
    await decide('late', 'promoted', good);
    await start();
    const broken = await registry.add({
      onnx: Buffer.from('no model'),
      signature: {
        model: 'late',
        origin: 'other',
        features: taken.map((name) => ({ name, type: 'float32' })),
        input: 'x',
        outputs: output('risk'),
        calibration: { kind: 'in-graph' },
        threshold: 0.5,
      },
      golden: {},
      card: {},
    });
    await decide('late', 'promoted', broken);
    await expect(scoring!.reload()).rejects.toThrow(/^FW601 /);
    expect((await scoring!.service('late').score(matrix(1), 1)).modelVersion).toBe(`late@${good}`);
  });
});
