import type { FastifyError, FastifyPluginAsync, FastifyReply, preHandlerAsyncHookHandler } from 'fastify';
import { z } from 'zod';
import { ForewarnError } from '../runtime/forewarn-error.ts';
import { assetRoutes } from './asset-routes.ts';
import type { Board } from './board.ts';
import { rowLimit, viewOf } from './board-view.ts';
import { type Answer, type Decide, decisionBody, DecisionDesk } from './decisions.ts';
import { LiveStream, type LiveStreamOptions } from './live-stream.ts';
import type { Problem, Progress } from './page/contract.ts';

export type ConsoleScope = 'read' | 'approve';

export interface ConsoleOptions {
  readonly board: Board;
  /** Resolves when the decision is durable in the log. */
  readonly decide: Decide;
  readonly progress: () => Progress;
  /** A hook that refuses who lacks the scope; it lets everybody pass where no key is configured. */
  readonly requireScope: (scope: ConsoleScope) => preHandlerAsyncHookHandler;
  /** Folder of our package.json, where it cannot be found from this file. */
  readonly root?: string;
  readonly stream?: Omit<LiveStreamOptions, 'board' | 'progress'>;
}

const listQuery = z.object({
  state: z.enum(['open', 'all']).default('open'),
  limit: z.coerce.number().int().min(1).max(rowLimit).default(200),
});

/** The page and its API. Decisions are answered with 202 once they are durable; their effect comes by stream. */
export const consoleRoutes: FastifyPluginAsync<ConsoleOptions> = async (app, options) => {
  const { board, decide, progress, requireScope } = options;
  const read = { preHandler: requireScope('read') };
  const approve = { preHandler: requireScope('approve'), bodyLimit: 16 * 1024 };
  const desk = new DecisionDesk(board, decide);
  const stream = new LiveStream({ board, progress, ...options.stream });
  app.setErrorHandler(async (error: FastifyError, request, reply) => {
    const status = error.statusCode ?? 500;
    if (status >= 500) request.log.error(error);
    const ours = status < 500 || error instanceof ForewarnError;
    const problem: Problem = {
      error: ours ? error.message : 'It failed inside; the log of the server says why.',
    };
    return reply.code(status).send(problem);
  });
  app.addHook('preClose', async () => stream.close());
  await app.register(assetRoutes, options.root === undefined ? {} : { root: options.root });

  app.get('/v1/exceptions', read, async (request, reply) => {
    const query = listQuery.safeParse(request.query);
    if (!query.success) return refuse(reply, 400, z.prettifyError(query.error));
    const { state, limit } = query.data;
    const view = viewOf(board, progress(), limit);
    return { ...view, recent: state === 'all' ? board.recentRows(limit) : [] };
  });

  app.get<{ Params: { id: string } }>('/v1/exceptions/:id', read, async (request, reply) => {
    const row = board.row(request.params.id);
    return row ?? refuse(reply, 404, `exception ${request.params.id} is not known here`);
  });

  for (const verdict of ['approve', 'refuse'] as const) {
    app.post<{ Params: { id: string } }>(`/v1/actions/:id/${verdict}`, approve, async (request, reply) =>
      answer(reply, request.body, (words) => desk.action(request.params.id, verdict, words)),
    );
  }

  app.post<{ Params: { id: string } }>('/v1/exceptions/:id/acknowledge', approve, async (request, reply) =>
    answer(reply, request.body, (words) => desk.acknowledge(request.params.id, words)),
  );

  app.get('/v1/stream', { ...read, exposeHeadRoute: false }, async (_request, reply) => {
    reply.hijack();
    reply.raw.writeHead(200, {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
      'x-content-type-options': 'nosniff',
    });
    stream.add(reply.raw);
  });
};

const answer = async (
  reply: FastifyReply,
  body: unknown,
  take: (words: z.infer<typeof decisionBody>) => Promise<Answer>,
): Promise<unknown> => {
  const words = decisionBody.safeParse(body);
  if (!words.success) return refuse(reply, 400, z.prettifyError(words.error));
  try {
    const taken = await take(words.data);
    if (taken.status !== 202) return refuse(reply, taken.status, taken.error);
    return reply.code(202).send({ decision: taken.decision });
  } catch (error) {
    if (!(error instanceof ForewarnError && error.retry)) throw error;
    reply.header('retry-after', '1');
    return refuse(reply, 503, error.message);
  }
};

const refuse = (reply: FastifyReply, status: 400 | 404 | 409 | 503, error: string): FastifyReply => {
  const problem: Problem = { error };
  return reply.code(status).send(problem);
};
