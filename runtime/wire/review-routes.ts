import { createHash } from 'node:crypto';
import type { FastifyPluginAsync, preHandlerAsyncHookHandler } from 'fastify';
import { z } from 'zod';
import { problem } from '../../sources/http/problem.ts';
import { ForewarnError } from '../forewarn-error.ts';
import { naming } from './category-routes.ts';
import type { Reviews } from './reviews.ts';

export interface ReviewRoutesOptions {
  readonly reviews: Reviews;
  readonly requireScope: (scope: 'read' | 'approve') => preHandlerAsyncHookHandler;
}

const period = z.strictObject({ from: z.int(), to: z.int() });
const change = z.strictObject({
  by: z.string().min(1).max(120),
  reason: z.string().min(1).max(4_000).exactOptional(),
});
const application = change.extend({ as: naming.exactOptional() });

/** Reviews to read, and their proposals to apply or take back; to change something takes the scope `approve`. */
export const reviewRoutes: FastifyPluginAsync<ReviewRoutesOptions> = async (app, options) => {
  const { reviews, requireScope } = options;
  const read = { preHandler: requireScope('read') };
  const approve = { preHandler: requireScope('approve'), bodyLimit: 16 * 1024 };
  app.setErrorHandler(problem);

  app.get('/v1/reviews', read, async () =>
    (await reviews.list()).map((one) => ({ ...one, url: `/v1/reviews/${one.id}` })),
  );
  app.post('/v1/reviews', approve, async (request, reply) => {
    const wanted = parsed(period, request.body, 'the body is {"from": 1767571200000, "to": 1768176000000}');
    return reply.code(201).send(await reviews.write(wanted));
  });
  app.get<{ Params: { id: string } }>('/v1/reviews/:id', read, async (request, reply) => {
    const page = await reviews.html(request.params.id);
    return reply
      .header('content-security-policy', policyOf(page))
      .header('x-content-type-options', 'nosniff')
      .header('referrer-policy', 'no-referrer')
      .type('text/html; charset=utf-8')
      .send(page);
  });
  app.get<{ Params: { id: string } }>('/v1/reviews/:id/figures', read, (request) =>
    reviews.figures(request.params.id),
  );

  app.get('/v1/proposals', read, () => reviews.proposals());
  app.post<{ Params: { id: string } }>('/v1/proposals/:id/apply', approve, (request) =>
    reviews.apply(
      request.params.id,
      parsed(
        application,
        request.body,
        'the body is {"by": "Dana", "reason": "…"}, and of a category also "as": {"name": "fuel_shortage", "family": "environment", "severity": 55}',
      ),
    ),
  );
  app.post<{ Params: { id: string } }>('/v1/proposals/:id/revert', approve, (request) =>
    reviews.revert(
      request.params.id,
      parsed(change, request.body, 'the body is {"by": "Dana", "reason": "…"}'),
    ),
  );
};

/** Nothing runs and nothing is loaded; the page's own style is known by its hash. */
const policyOf = (page: string): string => {
  const style = /<style>([\s\S]*?)<\/style>/.exec(page)?.[1] ?? '';
  const hash = createHash('sha256').update(style).digest('base64');
  return `default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;
};

const parsed = <T>(schema: z.ZodType<T>, value: unknown, mend: string): T => {
  const result = schema.safeParse(value);
  if (!result.success) throw new ForewarnError('FW701', `request does not fit: ${mend}`);
  return result.data;
};
