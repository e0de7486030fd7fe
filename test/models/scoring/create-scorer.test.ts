import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { modelRegistry, type RegisteredModel } from '../../../models/registry.ts';
import { createScorer, type ScorerOptions } from '../../../models/scoring/create-scorer.ts';
import type { BatchTime } from '../../../models/scoring/scoring-times.ts';
import { versionName } from '../../../models/signature.ts';
import type { Scorer, Scores } from '../../../models/scoring/scorer.ts';
import type { Model } from '../../../models/model.ts';
import { predict } from '../../../models/predict.ts';
import { train } from '../../../models/training/train.ts';
import { noisyRows } from '../training/noisy-rows.ts';

const { matrix, labels, rows, columns } = noisyRows(1_000, 3);
const names = ['a', 'b', 'c', 'd', 'e'];
let folder: string;
let trained: Model;
let model: RegisteredModel;
const open: Scorer[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'forewarn-scorer-'));
  trained = train({ matrix, rows, columns, labels }, { objective: 'binary', trees: 20 });
  const registry = modelRegistry(folder);
  const version = await registry.publish('late', { trained, features: names, threshold: 0.4, card: {} });
  model = await registry.load('late', version, names);
});

afterAll(async () => {
  await Promise.all(open.map(async (scorer) => scorer.close()));
  await rm(folder, { recursive: true, force: true });
});

const start = async (options: Partial<ScorerOptions> = {}): Promise<Scorer> => {
  const scorer = await createScorer({ models: [model], columns: names, timeoutMs: 20_000, ...options });
  open.push(scorer);
  return scorer;
};

const unruly = { workerFile: new URL('unruly-worker.ts', import.meta.url) };
/** The one risk of the one model. */
const risk = (scores: Scores): Float32Array => scores[0]![0]!;
const order = (what: number): Float32Array => new Float32Array(columns).fill(what);

describe('createScorer', () => {
  it('scores as the ensemble itself does and leaves the matrix to the caller', async () => {
    const scorer = await start({ workers: 2 });
    const scores = await Promise.all([scorer.score(matrix, 256), scorer.score(matrix, 64)]);
    const own = predict(trained, matrix, 256);
    for (const part of scores) {
      for (const [row, score] of risk(part).entries()) expect(score).toBeCloseTo(own[row] ?? NaN, 6);
    }
    expect(scores.map((part) => risk(part).length)).toEqual([256, 64]);
    expect(matrix.length).toBe(rows * columns);
    expect(risk(await scorer.score(matrix, 0))).toHaveLength(0);
    expect(scorer.models).toEqual([model.signature]);
  });

  it('tells of each batch how long each model took', async () => {
    const times: BatchTime[] = [];
    const scorer = await start({ onScored: (time) => times.push(time) });
    await scorer.score(matrix, 256);
    await scorer.score(matrix, 3);
    expect(times).toEqual([
      { modelVersion: versionName(model.signature), rows: 256, tookMs: expect.any(Number) },
      { modelVersion: versionName(model.signature), rows: 3, tookMs: expect.any(Number) },
    ]);
    for (const { tookMs } of times) expect(tookMs).toBeGreaterThan(0);
  });

  it('rejects what a dying worker held, and answers again', async () => {
    const scorer = await start(unruly);
    await expect(scorer.score(order(-1), 1)).rejects.toMatchObject({ code: 'FW603', retry: true });
    expect(risk(await scorer.score(order(7), 1))).toEqual(Float32Array.of(7));
  });

  it('answers what waited behind a dying worker', async () => {
    const scorer = await start({ ...unruly, rowsAtOnce: 1 });
    const dying = scorer.score(order(-1), 1).catch((error: unknown) => error);
    const behind = scorer.score(order(5), 2);
    expect(risk(await behind)).toEqual(Float32Array.of(5, 5));
    expect(await dying).toMatchObject({ code: 'FW603' });
  });

  it('gives up on a hanging worker at its time-out, and answers again', async () => {
    const scorer = await start({ ...unruly, timeoutMs: 50, stuckMs: 200 });
    await expect(scorer.score(order(-2), 1)).rejects.toMatchObject({ code: 'FW602', retry: true });
    // The new thread takes as long as it takes to start; until then each call is refused in time.
    let answer = await scorer.score(order(3), 1).catch(() => null);
    while (answer === null) answer = await scorer.score(order(3), 1).catch(() => null);
    expect(risk(answer)).toEqual(Float32Array.of(3));
  });

  it('lets a thread that is only slow end its work: to end it inside the native library ends the process', async () => {
    const scorer = await start({ timeoutMs: 1 });
    const many = new Float32Array(100_000 * columns).fill(1);
    const codes = new Set<string>();
    for (let nth = 0; nth < 20; nth += 1) {
      await scorer
        .score(many, 100_000)
        .catch((error: unknown) => codes.add((error as { code: string }).code));
    }
    expect([...codes]).toEqual(['FW602']);
  });

  it('refuses more than may wait', async () => {
    const scorer = await start({ ...unruly, timeoutMs: 300, stuckMs: 1_000, maxWaitingRows: 1 });
    const hanging = [order(-2), order(1), order(1), order(1)].map(async (what) =>
      scorer.score(what, 1).then(
        () => 'answered',
        (error: unknown) => (error as { code: string }).code,
      ),
    );
    expect(await Promise.all(hanging)).toEqual(['FW602', 'FW602', 'FW602', 'FW602']);
  });

  it('says at the start that a model file cannot be opened', async () => {
    const modelPath = join(folder, 'broken.onnx');
    await writeFile(modelPath, 'no model');
    await expect(createScorer({ models: [{ ...model, modelPath }], columns: names })).rejects.toMatchObject({
      code: 'FW601',
    });
  });

  it('says at the start that a model takes other columns than its signature names', async () => {
    const features = [...model.signature.features, { name: 'more', type: 'float32' as const }];
    const other = { ...model, signature: { ...model.signature, features } };
    await expect(createScorer({ models: [other], columns: [...names, 'more'] })).rejects.toMatchObject({
      code: 'FW601',
    });
  });
});
