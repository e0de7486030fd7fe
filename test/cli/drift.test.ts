import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fastify from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tableRoutes } from '../../runtime/wire/table-routes.ts';
import type { DriftReport } from '../../sinks/clickhouse/drift-report.ts';
import { applyMigrations } from '../../sinks/clickhouse/migrations.ts';
import { clickHouseForTests } from '../sinks/clickhouse/clickhouse-here.ts';
import { MINUTE, NOON, rowsInto } from '../sinks/clickhouse/story-fixture.ts';
import { forewarn } from './run-cli.ts';

const { server, client } = await clickHouseForTests();
const folder = mkdtempSync(join(tmpdir(), 'forewarn-drift-'));
const config = join(folder, 'forewarn.yaml');
const DAY = 24 * 60 * MINUTE;

const qualityOf = (day: number, fields: object) => ({
  id: `q${day}`,
  at: NOON + day * DAY,
  heardAt: NOON + (day + 4) * DAY,
  model: 'late-delivery',
  modelVersion: 'abc',
  predictions: 100,
  rows: 50,
  rate: 0.2,
  auc: 0.8,
  brier: 0.1,
  logLoss: 0.3,
  estimatedAuc: 0.82,
  estimatedBrier: 0.1,
  measure: 'Brier score',
  error: 0.1,
  calibration: 0.02,
  coverage: null,
  ...fields,
});

const retrainingOf = (version: number, fields: object) => ({
  id: 'r1',
  version,
  at: NOON + 8 * DAY,
  heardAt: NOON + (8 + version) * DAY,
  model: 'late-delivery',
  state: 'requested',
  by: 'drift',
  reason: 'QTRQ is late more often',
  findings: ['f1'],
  changedAt: NOON,
  modelVersion: null,
  ...fields,
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe.skipIf(server === undefined)('models drift', () => {
  beforeAll(async () => {
    await applyMigrations(client);
    const put = rowsInto(client);
    await put('model_qualities', [
      qualityOf(0, {}),
      // Of three times as many rows, so it counts three times; a day with too few has no say.
      qualityOf(1, { rows: 150, error: 0.2, auc: 0.7 }),
      qualityOf(2, { rows: 4, error: null, auc: null, calibration: null }),
    ]);
    await put('drift_findings', [
      {
        id: 'f1',
        at: NOON,
        heardAt: NOON + 7 * DAY,
        model: 'all',
        kind: 'carrier',
        subject: 'QTRQ',
        grade: 'retrain',
        since: NOON,
        text: 'QTRQ is late more often: 14 of 22',
        numbers: {},
      },
    ]);
    await put('retrainings', [
      retrainingOf(1, {}),
      retrainingOf(2, { state: 'challenges', modelVersion: 'def' }),
    ]);
    writeFileSync(
      config,
      `dataFolder: ${join(folder, 'data')}\nclickhouse:\n  url: ${server?.url ?? ''}\n  database: default\n`,
    );
  });

  it('prints how versions did by their rows, what has moved, and what came of it', async () => {
    const { out, err, code } = await forewarn('models', 'drift', '--config', config);
    expect([err, code]).toEqual(['', 0]);
    expect(out).toMatch(/late-delivery@abc +3 +300 +204 +Brier score +0\.175 +0\.020 +0\.725 +0\.820/);
    expect(out).toMatch(
      /2026-05-08 12:00 +retrain +all +2026-05-01 12:00 +QTRQ is late more often: 14 of 22/,
    );
    expect(out).toMatch(/2026-05-09 12:00 +late-delivery +challenges +def +drift +QTRQ is late more often/);
    expect(out).not.toContain('requested');
    expect(out).toContain('cannot see that inputs have come to mean something else');
  });

  it('is of a period, and says in words that there is nothing', async () => {
    const early = await forewarn('models', 'drift', '--config', config, '--to', new Date(NOON).toISOString());
    for (const nothing of ['No day of predictions', 'Nothing has moved', 'Nothing was asked'])
      expect(early.out).toContain(nothing);
  });

  it('is answered by a process that runs', async () => {
    const app = fastify();
    await app.register(tableRoutes, { client, requireScope: () => async () => undefined });
    const url = await app.listen({ host: '127.0.0.1', port: 0 });
    try {
      const answer = await fetch(`${url}/v1/drift?from=${NOON + DAY}`);
      const { versions, findings, retrainings } = (await answer.json()) as DriftReport;
      expect(versions).toMatchObject([{ days: 2, rows: 154, error: 0.2, auc: 0.7 }]);
      expect(findings).toMatchObject([{ subject: 'QTRQ', since: NOON }]);
      expect(retrainings).toMatchObject([{ state: 'challenges', modelVersion: 'def' }]);
    } finally {
      await app.close();
    }
  });
});
