import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { feed, startRecorded } from '../../cli/recorded-line.ts';
import { config } from '../../runtime/config/config.ts';
import { packageRoot } from '../../runtime/package-root.ts';
import type { Forewarn } from '../../runtime/wire/start-forewarn.ts';
import { formatReport } from '../../sinks/clickhouse/format-report.ts';
import { report, type Report } from '../../sinks/clickhouse/report.ts';
import { createWorld } from '../../sources/simulated/world.ts';
import { canRunLine } from './running-line.ts';

const root = packageRoot;
const dayMs = 86_400_000;
const startAt = Date.parse('2026-01-05T00:00:00Z');
/** Two days fill the world; on the third shipments end as they begin. */
const days = 3;

describe.skipIf(!canRunLine())('a simulated day through the whole line', () => {
  let folder: string;
  let line: Forewarn;
  let documents: number;
  let all: Report;

  const ask = async <Row>(query: string): Promise<Row[]> =>
    (await line.storage.client.query({ query, format: 'JSONEachRow' })).json<Row>();

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'forewarn-simulated-'));
    const settings = config.parse({
      rules: join(root, 'rules'),
      models: { folder: join(root, 'models', 'registry') },
    });
    line = await startRecorded(settings, join(folder, 'data'));
    const world = createWorld({ seed: 7, startAt, shipmentsPerDay: 150, keepTruth: false });
    documents = await feed(line, world.advance(startAt + days * dayMs));
    all = await report(line.storage.client);
    console.log(`${documents} documents\n${formatReport(all)}`);
  });

  afterAll(async () => {
    await line?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  it('has every part of the report', () => {
    const { total, categories } = all;
    expect(total.raised).toBeGreaterThan(total.predicted);
    expect(total.predicted).toBeGreaterThan(0);
    expect(total.ended).toBeGreaterThan(total.breaches);
    expect(total.breaches).toBeGreaterThan(0);
    for (const share of [total.precision, total.recall]) {
      expect(share.hits).toBeGreaterThan(0);
      expect(share.of).toBeGreaterThanOrEqual(share.hits);
    }
    expect(total.recall.of).toBe(total.breaches);
    expect(Object.keys(total.actions).length).toBeGreaterThan(1);
    const delay = categories.find(({ category }) => category === 'delay') ?? expect.fail('no delay');
    expect(delay.medianLeadMin).toBeGreaterThan(0);
    expect(delay.predicted).toBeGreaterThan(0);
    expect(categories.reduce((sum, { raised }) => sum + raised, 0)).toBe(total.raised);
    for (const { category } of categories) expect(line.rules.taxonomy.categories).toHaveProperty(category);
  });

  it('counts what the tables hold', async () => {
    const [counted] = await ask<{ raised: number; ended: number; breaches: number }>(
      `SELECT (SELECT toUInt32(count()) FROM exceptions FINAL) AS raised,
        (SELECT toUInt32(count()) FROM outcomes FINAL) AS ended,
        (SELECT toUInt32(countIf(breached)) FROM outcomes FINAL) AS breaches`,
    );
    const { raised, ended, breaches } = all.total;
    expect({ raised, ended, breaches }).toEqual(counted);
  });

  it('tells exception, prediction, action and outcome of a shipment in one query', async () => {
    const stories = await ask<{ shipment: string; probability: number; threshold: number; at: number }>(
      `SELECT shipment_id AS shipment, probability, threshold, toUnixTimestamp64Milli(predicted_at) AS at
      FROM shipment_story
      WHERE kind = 'predicted' AND prediction_id IS NOT NULL AND action_id IS NOT NULL AND outcome_id IS NOT NULL
        AND predicted_at < delivered_at`,
    );
    expect(stories.length).toBeGreaterThan(10);
    for (const { probability, threshold, shipment } of stories)
      expect(probability, shipment).toBeGreaterThanOrEqual(threshold);
  });

  it('is scored by the champion that ships, and not by the rule of thumb', async () => {
    const service = line.scoring.service('late-delivery');
    const scored = await ask<{ answered: string; model: string; predictions: number }>(
      'SELECT answered, model_version AS model, toUInt32(count()) AS predictions FROM predictions GROUP BY answered, model',
    );
    expect(service.modelVersion).not.toBe('late-delivery@none');
    expect(scored).toEqual([
      { answered: 'model', model: service.modelVersion, predictions: expect.any(Number) },
    ]);
  });

  it('refuses only what the world has spoiled, and sends nothing', async () => {
    const letters = await ask<{ step: string; reason: string }>('SELECT step, reason FROM dead_letters');
    expect(letters.length).toBeLessThan(documents / 100);
    for (const { step, reason } of letters) {
      expect(step, reason).toBe('decode');
      expect(reason).not.toBe('');
    }
    expect(await ask('SELECT id FROM actions FINAL WHERE sent_at IS NOT NULL')).toEqual([]);
  });
});
