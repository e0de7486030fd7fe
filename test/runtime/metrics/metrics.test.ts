import fastify from 'fastify';
import { describe, expect, it } from 'vitest';
import { healthOf } from '../../../runtime/metrics/health.ts';
import { labelBudget } from '../../../runtime/metrics/label-budget.ts';
import { createMetrics } from '../../../runtime/metrics/metrics.ts';
import { metricsRoutes } from '../../../runtime/metrics/routes.ts';

const bare = () => createMetrics({ processMetrics: false });

describe('metrics', () => {
  it('counts in batches, on a registry of its own', async () => {
    const [one, other] = [bare(), bare()];
    one.recordsIn('watch', 256);
    one.recordsIn('watch', 44);
    one.recordsOut('watch');
    const text = await one.text();
    expect(text).toContain('forewarn_records_total{pipeline="watch",direction="in"} 300');
    expect(text).toContain('forewarn_records_total{pipeline="watch",direction="out"} 1');
    expect(await other.text()).not.toContain('pipeline="watch"');
  });

  it('shows a zero before the first dead letter, action and open exception', async () => {
    const text = await bare().text();
    expect(text).toContain('forewarn_dead_letters_total{stage="decode",code="FW401"} 0');
    expect(text).toContain('forewarn_actions_total{type="notify_customer",state="failed"} 0');
    expect(text).toContain('forewarn_exceptions_open{tier="guaranteed"} 0');
    expect(text).toContain('forewarn_identity_findings_total{what="disagreed"} 0');
  });

  it('gives every fallback share a numerator once a model is loaded', async () => {
    const metrics = bare();
    metrics.modelLoaded('late-delivery');
    metrics.scored('late-delivery', 'model', 64);
    const text = await metrics.text();
    expect(text).toContain('forewarn_scores_total{model="late-delivery",answered="model"} 64');
    expect(text).toContain('forewarn_scores_total{model="late-delivery",answered="fallback"} 0');
  });

  it('keeps labels few, whatever sources call themselves', async () => {
    const metrics = bare();
    for (let n = 0; n < 5_000; n += 1) metrics.documentIn(`source-${n}`, 'accepted');
    const lines = (await metrics.text()).match(/^forewarn_ingest_documents_total\{.*$/gm) ?? [];
    expect(lines).toHaveLength(101);
    expect(lines.at(-1)).toContain('source="other",result="accepted"} 4900');
  });

  it('names every metric of ours forewarn_, counters _total, and explains each', async () => {
    const text = await bare().text();
    const types = [...text.matchAll(/^# TYPE (\S+) (\S+)$/gm)];
    expect(types.length).toBeGreaterThan(25);
    for (const [, name = '', type] of types) {
      expect(name).toMatch(/^forewarn_[a-z_]+$/);
      expect(name.endsWith('_total')).toBe(type === 'counter');
      if (type === 'histogram') expect(name).toMatch(/_seconds$/);
      expect(text).toMatch(new RegExp(`^# HELP ${name} \\S.*\\.$`, 'm'));
    }
  });
});

describe('label budget', () => {
  it('lets the first values through for good', () => {
    const label = labelBudget(2);
    expect(['a', 'b', 'a', 'c', 'd', 'b'].map(label)).toEqual(['a', 'b', 'a', 'other', 'other', 'b']);
  });
});

describe('health', () => {
  it('is the and of its checks, and a throw is a failure with its words', () => {
    expect(healthOf([]).status).toBe(200);
    const health = healthOf([
      { name: 'log', check: () => ({ ok: true }) },
      {
        name: 'clickhouse',
        check: () => {
          throw new Error('no answer');
        },
      },
      { name: 'line', check: () => ({ ok: true, detail: 'half full' }) },
    ]);
    expect(health).toEqual({
      status: 503,
      ok: false,
      checks: {
        log: { ok: true },
        clickhouse: { ok: false, detail: 'no answer' },
        line: { ok: true, detail: 'half full' },
      },
    });
  });

  it('is answered over HTTP, beside the metrics', async () => {
    const app = fastify();
    const metrics = createMetrics();
    let ready = false;
    await app.register(metricsRoutes, {
      metrics,
      live: [{ name: 'log', check: () => ({ ok: true }) }],
      ready: [{ name: 'started', check: () => ({ ok: ready }) }],
      beforeScrape: () => metrics.approvalsWaiting(3),
    });
    expect((await app.inject('/livez')).statusCode).toBe(200);
    expect((await app.inject('/readyz')).statusCode).toBe(503);
    ready = true;
    expect((await app.inject('/readyz')).json()).toEqual({
      status: 200,
      ok: true,
      checks: { started: { ok: true } },
    });
    const scrape = await app.inject('/metrics');
    expect(scrape.headers['content-type']).toBe('text/plain; version=0.0.4; charset=utf-8');
    expect(scrape.body).toContain('forewarn_approvals_waiting 3');
    expect(scrape.body).toContain('process_cpu_seconds_total');
    await app.close();
  });
});
