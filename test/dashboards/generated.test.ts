import { execFileSync, spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { packageRoot } from '../../runtime/package-root.ts';
import { alertCases } from '../../dashboards/alert-cases.ts';
import { alerts } from '../../dashboards/alerts.ts';
import { renderAll } from '../../dashboards/render.ts';
import { createMetrics } from '../../runtime/metrics/metrics.ts';
import { kafkaSinkMetrics } from '../../runtime/wire/kafka-sink-metrics.ts';
import { kafkaSourceMetrics } from '../../runtime/wire/kafka-source-metrics.ts';
import { parseDashboard, queriesOf } from '../system/panel-queries.ts';

/** All metrics of ours, those too that come with topics of other programs. */
const metricsText = (processMetrics: boolean): Promise<string> => {
  const metrics = createMetrics({ processMetrics });
  kafkaSourceMetrics(metrics, ['orders']);
  kafkaSinkMetrics(metrics, ['alerts'], { lagOf: () => 0, isStopped: () => false });
  return metrics.text();
};

const folder = join(packageRoot, 'dashboards', 'generated');
const files = renderAll();
const fileNames = [...files.keys()];
const dashboards = fileNames.filter((name) => name.endsWith('.json'));
const textOf = (name: string): string => files.get(name) ?? '';

describe('generated dashboards and alerts', () => {
  it('are checked in as the code makes them, and nothing else is', () => {
    expect(readdirSync(folder).toSorted()).toEqual(fileNames.toSorted());
    for (const [name, text] of files) {
      expect(readFileSync(join(folder, name), 'utf8'), `${name}: run dashboards/generate.ts`).toBe(text);
    }
  });

  it.each(dashboards)('%s: every panel says what it shows, in which unit, under its own id', (name) => {
    const { panels } = parseDashboard(textOf(name));
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
    const shown = panels.filter(({ type }) => type !== 'row');
    expect(new Set(shown.map(({ title }) => title)).size).toBe(shown.length);
    for (const { title, description, fieldConfig, targets } of shown) {
      expect(description, title).toMatch(/^[A-Z].*[^.]\.$/);
      expect(fieldConfig?.defaults.unit, title).toBeTruthy();
      expect(targets?.length, title).toBeGreaterThan(0);
    }
  });

  it('asks only for metrics that exist', async () => {
    const text = await metricsText(true);
    const known = new Set<string>(['up']);
    for (const [, name = '', type] of text.matchAll(/^# TYPE (\S+) (\S+)$/gm)) {
      known.add(type === 'histogram' ? `${name}_bucket` : name);
    }
    const asked = [
      ...dashboards.flatMap((name) => queriesOf(textOf(name))).map(({ text: query }) => query),
      ...alerts.map(({ expr }) => expr),
      ...alertCases.flatMap(({ series }) => Object.keys(series)),
    ];
    const names = asked.flatMap((query) => query.match(/\b(?:forewarn|process|nodejs)_[a-z0-9_]+\b/g) ?? []);
    expect(names.length).toBeGreaterThan(60);
    expect([...new Set(names)].filter((name) => !known.has(name))).toEqual([]);
  });

  it('has every metric of ours on a dashboard', async () => {
    const text = await metricsText(false);
    const queries = dashboards.flatMap((name) => queriesOf(textOf(name))).map(({ text: query }) => query);
    const all = [...text.matchAll(/^# TYPE (\S+)/gm)].map(([, name = '']) => name);
    expect(all.filter((name) => !queries.some((query) => query.includes(name)))).toEqual([]);
  });

  it('makes every alert fire in one case and stay silent in another', () => {
    for (const { name } of alerts) {
      const firing = alertCases.filter(({ fires }) => name in fires);
      expect(firing.length, name).toBeGreaterThan(0);
      expect(firing.length, name).toBeLessThan(alertCases.length);
    }
  });
});

const promtool = spawnSync('promtool', ['--version']).error === undefined;
if (!promtool) console.warn('skipped: alert rules by promtool, for it is not installed (Debian: prometheus)');

describe.skipIf(!promtool)('alerts by promtool', () => {
  it.each([
    ['check', 'alerts.yml'],
    ['test', 'alerts.test.yml'],
  ])('%s rules %s', (verb, file) => {
    expect(() =>
      execFileSync('promtool', [verb, 'rules', file], { cwd: folder, stdio: 'pipe' }),
    ).not.toThrow();
  });
});
