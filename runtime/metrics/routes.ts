import type { FastifyPluginAsync } from 'fastify';
import { type HealthCheck, healthOf } from './health.ts';
import type { Metrics } from './metrics.ts';

export interface MetricsRoutesOptions {
  readonly metrics: Pick<Metrics, 'text' | 'contentType'>;
  /** Fails when a restart is the only cure: the log is closed, a task is stuck. */
  readonly live: readonly HealthCheck[];
  /** Fails while traffic should stay away: starting, draining, the line full. */
  readonly ready: readonly HealthCheck[];
  /** Gauges that are cheaper to read than to keep are set here, once a scrape. */
  readonly beforeScrape?: () => void;
}

/** `/metrics` for Prometheus, `/livez` and `/readyz` for whoever runs us. */
export const metricsRoutes: FastifyPluginAsync<MetricsRoutesOptions> = async (app, options) => {
  app.get('/metrics', async (_request, reply) => {
    options.beforeScrape?.();
    return reply.type(options.metrics.contentType).send(await options.metrics.text());
  });
  app.get('/livez', async (_request, reply) => {
    const health = healthOf(options.live);
    return reply.code(health.status).send(health);
  });
  app.get('/readyz', async (_request, reply) => {
    const health = healthOf(options.ready);
    return reply.code(health.status).send(health);
  });
};
