import type { FastifyPluginAsync, preHandlerAsyncHookHandler } from 'fastify';
import { z } from 'zod';
import { modelDecisionKinds } from '../../domain/model-decision.ts';
import { problem } from '../../sources/http/problem.ts';
import { ForewarnError } from '../forewarn-error.ts';
import type { ModelDesk } from './model-desk.ts';

export interface ModelRoutesOptions {
  readonly desk: ModelDesk;
  readonly requireScope: (scope: 'read' | 'approve') => preHandlerAsyncHookHandler;
}

const decision = z.strictObject({
  kind: z.enum(modelDecisionKinds),
  version: z.string().min(1).max(120).exactOptional(),
  by: z.string().min(1).max(120),
  reason: z.string().min(1).max(4_000),
});

/** Models, their versions with cards and decisions, and to decide about one, which takes the scope `approve`. */
export const modelRoutes: FastifyPluginAsync<ModelRoutesOptions> = async (app, { desk, requireScope }) => {
  const read = { preHandler: requireScope('read') };
  app.setErrorHandler(problem);
  app.get('/v1/models', read, () => desk.list());
  app.get<{ Params: { model: string; version: string } }>('/v1/models/:model/:version', read, ({ params }) =>
    desk.show(params.model, params.version),
  );
  app.get<{ Params: { model: string; incumbent: string; candidate: string } }>(
    '/v1/models/:model/:incumbent/against/:candidate',
    read,
    ({ params }) => desk.compare(params.model, params.incumbent, params.candidate),
  );
  app.post<{ Params: { model: string } }>(
    '/v1/models/:model/decisions',
    { preHandler: requireScope('approve'), bodyLimit: 16 * 1024 },
    async ({ params, body }, reply) => {
      const made = decision.safeParse(body);
      if (!made.success)
        throw new ForewarnError(
          'FW701',
          'request does not fit: the body is {"kind": "promoted", "version": "12a5f0a74bf9", "by": "Dana", "reason": "…"}',
        );
      return reply.code(201).send(await desk.decide({ model: params.model, ...made.data }));
    },
  );
};
