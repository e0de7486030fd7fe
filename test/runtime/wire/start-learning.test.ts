import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { featureSet } from '../../../domain/feature-set.ts';
import { featureNames } from '../../../domain/features.ts';
import { latestRetrainings, type Retraining } from '../../../domain/retraining.ts';
import { predict } from '../../../models/predict.ts';
import { type ModelRegistry, modelRegistry } from '../../../models/registry.ts';
import { createScorer } from '../../../models/scoring/create-scorer.ts';
import { trainRisk } from '../../../models/training/train-risk.ts';
import { seededRandom } from '../../../models/training/seeded-random.ts';
import {
  driftFindings,
  modelDecisions,
  modelQualities,
  partitionsByTopic,
  retrainings,
} from '../../../pipelines/topics.ts';
import { config } from '../../../runtime/config/config.ts';
import { EmbeddedLog } from '../../../runtime/log/embedded-log.ts';
import { rowsOf } from '../../../runtime/log/topic-rows.ts';
import { startLearning } from '../../../runtime/wire/learning/start-learning.ts';
import { type ModelsControl, startModelsInForce } from '../../../runtime/wire/models-in-force.ts';
import { applyMigrations } from '../../../sinks/clickhouse/migrations.ts';
import { clickHouseForTests } from '../../sinks/clickhouse/clickhouse-here.ts';
import { labelOf, predictionOf } from '../../sinks/clickhouse/labelled-fixture.ts';
import { rowsInto } from '../../sinks/clickhouse/story-fixture.ts';
import { until } from '../../support/until.ts';

const DAY_MS = 86_400_000;
const START = Date.UTC(2026, 0, 5);
const ROWS_A_DAY = 48;
const COLLAPSE = 36;
const MODEL = 'late-delivery';

const { server, client } = await clickHouseForTests();
const put = rowsInto(client);

interface Row {
  readonly id: string;
  readonly at: number;
  readonly features: Float32Array;
  readonly label: 0 | 1;
}

/** Shipments whose lateness follows their first feature, until from the collapse on it follows the second one. */
const dayOf = (day: number): readonly Row[] => {
  const random = seededRandom(day * 13 + 1);
  return Array.from({ length: ROWS_A_DAY }, (_, index) => {
    const features = new Float32Array(featureNames.length).fill(NaN);
    for (let column = 0; column < 3; column++) features[column] = random() * 2 - 1;
    const logOdds = 4 * features[day < COLLAPSE ? 0 : 1]! - 0.5;
    const label = random() < 1 / (1 + Math.exp(-logOdds)) ? 1 : 0;
    return { id: `d${day}-${index}`, at: START + day * DAY_MS + index * 60_000, features, label };
  });
};
const days = (from: number, to: number): readonly Row[] =>
  Array.from({ length: to - from }, (_, at) => dayOf(from + at)).flat();

const matrixOf = (rows: readonly Row[]): Float32Array => {
  const matrix = new Float32Array(rows.length * featureNames.length);
  for (const [at, { features }] of rows.entries()) matrix.set(features, at * featureNames.length);
  return matrix;
};

/** The tables as the line fills them: what the champion said, what a shadow did, and how it ended two days later. */
const fill = async (
  rows: readonly Row[],
  champion: string,
  scores: Float32Array,
  shadow: { readonly version: string; readonly scores: Float32Array } | null = null,
): Promise<void> => {
  const said = rows.map(({ at }, index) => ({
    at,
    modelVersion: `${MODEL}@${champion}`,
    probability: scores[index]!,
    shadow:
      shadow === null
        ? []
        : [{ modelVersion: `${MODEL}@${shadow.version}`, probability: shadow.scores[index]! }],
  }));
  await put(
    'predictions',
    said.map(({ at, ...more }, index) => {
      const { id, features } = rows[index]!;
      const logged = Array.from(features, (value) => (Number.isNaN(value) ? null : value));
      return { ...predictionOf(id, logged, featureSet), at, heardAt: at, expectedAt: at + DAY_MS, ...more };
    }),
  );
  await put(
    'labelled',
    said.map(({ at, ...more }, index) => {
      const { id, label } = rows[index]!;
      return labelOf(id, label, {
        predictedAt: at,
        knownAt: at + 2 * DAY_MS,
        heardAt: at + 2 * DAY_MS,
        deliveredAt: at + (label === 1 ? 1.5 : 0.5) * DAY_MS,
        happened: [],
        ...more,
      });
    }),
  );
};

describe.skipIf(server === undefined)('learning, wired to real tables, log and registry', () => {
  const settings = config.parse({ models: { promotion: { draws: 150 } } }).models;
  const notes: string[] = [];
  let folder: string;
  let registry: ModelRegistry;
  let log: EmbeddedLog;
  let control: ModelsControl;
  let champion: string;
  let learning: { readonly stop: () => Promise<void> } | undefined;

  const begin = async (): Promise<void> => {
    log = await EmbeddedLog.open({
      folder: join(folder, 'log'),
      topics: partitionsByTopic(2),
      time: 'recorded',
    });
    control = await startModelsInForce({ log, registry });
  };
  const learn = (): void => {
    learning = startLearning({
      log,
      control,
      client,
      file: join(folder, 'learning.json'),
      settings,
      decided: () => true,
      tablesFilled: () => Promise.resolve(),
      takeTimes: () => [],
      predictable: () => [],
      note: (line) => notes.push(line),
      everyMs: 20,
    });
  };
  const requests = async (): Promise<readonly Retraining[]> => {
    const rows: Retraining[] = [];
    for await (const row of rowsOf(log, retrainings)) rows.push(row);
    return latestRetrainings(rows).filter(({ model }) => model === MODEL);
  };

  beforeAll(async () => {
    await applyMigrations(client);
    folder = await mkdtemp(join(tmpdir(), 'forewarn-learning-'));
    registry = modelRegistry(join(folder, 'models'));
    await begin();
    const { model, card } = trainRisk(days(0, 14), { train: { trees: 40, learningRate: 0.15 } });
    champion = await registry.publish(MODEL, {
      trained: model,
      features: featureNames,
      threshold: 0.5,
      card,
      reference: { model: MODEL, brier: card.validation.brier, features: {} },
    });
    await control.decide({
      model: MODEL,
      version: champion,
      kind: 'promoted',
      by: 't',
      reason: 'first',
      numbers: {},
    });
    const rows = days(6, 50);
    await fill(rows, champion, predict(model, matrixOf(rows), rows.length));
  });
  afterAll(async () => {
    await learning?.stop();
    await log?.close();
    await rm(folder, { recursive: true, force: true });
  });

  it('asks for training when the error jumps, and not again after a stop in the middle of it', async () => {
    await log.goOn(START + 56 * DAY_MS);
    learn();
    await until('a request', async () => (await requests()).length > 0, 90_000);
    await learning!.stop();
    const [asked] = await requests();
    expect(asked).toMatchObject({ state: 'requested', by: 'drift' });
    expect(Math.abs(asked!.changedAt! - (START + COLLAPSE * DAY_MS))).toBeLessThanOrEqual(DAY_MS);
    expect(control.inForce()[MODEL]).toMatchObject({ champion, challenger: null });
  });

  it('trains after the restart on what is known since the change, as a challenger', async () => {
    await log.close();
    await begin();
    learn();
    await until('a challenger', () => (control.inForce()[MODEL]?.challenger ?? null) !== null, 90_000);
    await until('its record', async () => (await requests())[0]?.state === 'challenges');
    await learning!.stop();
    expect(await requests()).toHaveLength(1);
    const { challenger } = control.inForce()[MODEL]!;
    const { card } = await registry.describe(MODEL, challenger!);
    const { data, parent } = card as {
      readonly data: { readonly changedAt: number };
      readonly parent: string;
    };
    expect(parent).toBe(champion);
    expect(Math.abs(data.changedAt - (START + COLLAPSE * DAY_MS))).toBeLessThanOrEqual(DAY_MS);
  });

  it('promotes it on matured labels of both, with its numbers in the log, and tells nothing twice', async () => {
    const challenger = control.inForce()[MODEL]!.challenger!;
    const rows = days(57, 66);
    const scores = await Promise.all(
      [champion, challenger].map(async (version) => {
        const loaded = await registry.load(MODEL, version, featureNames);
        const scorer = await createScorer({ models: [loaded], columns: featureNames, timeoutMs: 60_000 });
        const [[risk]] = (await scorer.score(matrixOf(rows), rows.length)) as [[Float32Array]];
        await scorer.close();
        return Float32Array.from(risk);
      }),
    );
    await fill(rows, champion, scores[0]!, { version: challenger, scores: scores[1]! });
    await log.goOn(START + 70 * DAY_MS);
    learn();
    await until('a new champion', () => control.inForce()[MODEL]?.champion === challenger, 90_000);
    await learning!.stop();
    expect(control.inForce()[MODEL]).toEqual({ champion: challenger, challenger: null, shadow: champion });
    const told = [];
    for await (const row of rowsOf(log, modelDecisions)) if (row.model === MODEL) told.push(row);
    expect(told.map(({ kind }) => kind)).toEqual(['promoted', 'published', 'challenged', 'promoted']);
    expect(told.at(-1)!.numbers['gainLow']).toBeGreaterThan(0);
    expect(told.at(-1)!.numbers['shipments']).toBe(rows.length);
    const ids = [];
    for await (const { id } of rowsOf(log, driftFindings)) ids.push(id);
    for await (const { id } of rowsOf(log, modelQualities)) ids.push(id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(notes.filter((line) => line.startsWith('learning:'))).toEqual([]);
  });
});
