import type { FastifyPluginAsync, preHandlerAsyncHookHandler } from 'fastify';
import { partsOf } from '../../domain/reading-rules.ts';
import { problem } from '../../sources/http/problem.ts';
import type { RulesControl } from './rules-in-force.ts';

export interface RulesRoutesOptions {
  readonly rules: RulesControl;
  readonly requireScope: (scope: 'read' | 'approve') => preHandlerAsyncHookHandler;
}

/** Which rules are in force, and to load the folder again: 200 with what came of it, 422 where they were refused. */
export const rulesRoutes: FastifyPluginAsync<RulesRoutesOptions> = async (app, { rules, requireScope }) => {
  app.setErrorHandler(problem);
  app.get('/v1/rules', { preHandler: requireScope('read') }, () => {
    const { fingerprint, playbooks } = rules.inForce();
    const reading = rules.reading();
    return {
      fingerprint,
      playbooks: playbooks.map(({ name, version }) => `${name}@${version}`),
      reading: {
        fingerprint: reading.fingerprint,
        versions: partsOf(reading).flatMap(({ label }) => label ?? []),
        locations: reading.locations.length,
      },
    };
  });
  app.post('/v1/rules/reload', { preHandler: requireScope('approve') }, async (_, reply) => {
    const reloaded = await rules.reload('api');
    return reply.code(reloaded.result === 'refused' ? 422 : 200).send(reloaded);
  });
};
