import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { loadConfig } from '../../runtime/config/load-config.ts';
import { packageRoot } from '../../runtime/package-root.ts';
import { startForewarn } from '../../runtime/wire/start-forewarn.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { until } from '../support/until.ts';
import { proveDashboards } from './dashboards-proof.ts';

const hasPrometheus = spawnSync('promtool', ['--version']).status === 0;
if (!hasPrometheus)
  console.warn('dashboards: skipped, there is no promtool here; install the package prometheus');

it.skipIf(!hasPrometheus)(
  'gets data for every panel from the running line',
  async () => {
    const config = loadConfig({ environment: {} });
    const forewarn = await startForewarn({
      config: {
        ...config,
        dataFolder: await tempFolder(),
        rules: join(packageRoot, 'rules'),
        models: { ...config.models, folder: join(packageRoot, 'models', 'registry') },
        http: { ...config.http, port: 0 },
        sources: {
          http: false,
          simulated: {
            seed: 3,
            shipmentsPerDay: 300,
            startAt: '2026-01-05T00:00:00Z',
            speedUp: 600,
            warmUpDays: 2,
            warmSpeedUp: 3_600,
          },
        },
      },
      environment: {},
      note: (line) => console.log(line),
      onFailure: (error) => {
        throw error;
      },
    });
    try {
      // Panels about outcomes need shipments that have come to their end.
      await until('shipments have ended', () => forewarn.progress().outcomes > 20, 240_000);
      const proof = await proveDashboards({
        forewarnUrl: forewarn.url,
        clickhouseUrl: `${forewarn.storage.url}/${config.clickhouse.database}`,
        log: (line) => console.log(line),
      });
      expect(proof.failed).toEqual([]);
      expect(proof.passed.length).toBeGreaterThan(40);
    } finally {
      await forewarn.stop();
    }
  },
  600_000,
);
