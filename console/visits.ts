import type { FastifyPluginAsync, onRequestAsyncHookHandler } from 'fastify';
import type { Clock } from '../runtime/clock.ts';

/** Whether somebody looks at the page: a request of it is under way, such as its stream, or the last one is not long ago. */
export interface Visits {
  readonly any: boolean;
  /** Counts a request until its connection or answer has ended. */
  readonly hook: onRequestAsyncHookHandler;
}

/** Ten minutes: whoever comes back from a telephone call finds the page as it is. */
const REST_MS = 600_000;

export const createVisits = (clock: Clock, restMs = REST_MS): Visits => {
  let underWay = 0;
  let lastAt = -Infinity;
  return {
    get any() {
      return underWay > 0 || clock.now() - lastAt < restMs;
    },
    hook: async (_request, reply) => {
      underWay += 1;
      reply.raw.once('close', () => {
        underWay -= 1;
        lastAt = clock.now();
      });
    },
  };
};

/** Routes whose requests are visits; what they ask of the board waits until it is `shown`. */
export const visited =
  (visits: Visits, shown: () => Promise<void>, routes: FastifyPluginAsync): FastifyPluginAsync =>
  async (app) => {
    app.addHook('onRequest', visits.hook);
    app.addHook('preHandler', async ({ url }) => {
      if (url.startsWith('/v1/')) await shown();
    });
    await app.register(routes);
  };
