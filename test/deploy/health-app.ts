import Fastify, { type FastifyInstance } from 'fastify';
import type { HealthCheck } from '../../runtime/metrics/health.ts';
import { createMetrics } from '../../runtime/metrics/metrics.ts';
import { metricsRoutes } from '../../runtime/metrics/routes.ts';

/** The addresses that probes ask, as a line has them. */
export const healthApp = async (live: readonly HealthCheck[]): Promise<FastifyInstance> => {
  const app = Fastify();
  const metrics = createMetrics({ processMetrics: false });
  await app.register(metricsRoutes, { metrics, live, ready: [] });
  return app;
};
