import type {
  FastifyError,
  FastifyPluginAsync,
  FastifyReply,
  FastifyRequest,
  preHandlerAsyncHookHandler,
} from 'fastify';
import { z } from 'zod';
import { ForewarnError } from '../runtime/forewarn-error.ts';
import { problemOf } from '../sources/http/problem.ts';
import { assetRoutes } from './asset-routes.ts';
import type { Board } from './board.ts';
import { rowLimit, viewOf } from './board-view.ts';
import { decisionRoutes } from './decision-routes.ts';
import type { Decide } from './decisions.ts';
import { historyOf, type Records } from './exception-history.ts';
import { LiveStream, type LiveStreamOptions } from './live-stream.ts';
import { shipmentRoutes } from './shipment-routes.ts';
import type { CallerView, CauseDetail, Problem, Progress, Reasons } from './page/contract.ts';
import { reasonsOf } from './reasons-of.ts';
import { refusalReasons } from './refusal-reasons.ts';

export type ConsoleScope = 'read' | 'approve';

export interface ConsoleOptions {
  readonly board: Board;
  /** Resolves when the decision is durable in the log. */
  readonly decide: Decide;
  readonly progress: () => Progress;
  /** A hook that refuses who lacks the scope; it lets everybody pass where no key is configured. */
  readonly requireScope: (scope: ConsoleScope) => preHandlerAsyncHookHandler;
  /** Who was let in by it. */
  readonly callerOf: (request: FastifyRequest) => CallerView;
  /** The tables; without them the board alone is asked. */
  readonly records?: Records;
  /** Folder of our package.json, where it cannot be found from this file. */
  readonly root?: string;
  readonly stream?: Omit<LiveStreamOptions, 'board' | 'progress'>;
}

type ById = { readonly Params: { readonly id: string } };

const listQuery = z.object({
  state: z.enum(['open', 'all']).default('open'),
  limit: z.coerce.number().int().min(1).max(rowLimit).default(200),
});

/** Pieces of evidence that are looked up for one exception: the latest. */
const evidenceLimit = 50;

/** The page and its API. What people decide is in `decision-routes.ts`. */
export const consoleRoutes: FastifyPluginAsync<ConsoleOptions> = async (app, options) => {
  const { board, decide, progress, requireScope, callerOf, records } = options;
  const read = { preHandler: requireScope('read') };
  const stream = new LiveStream({ board, progress, ...options.stream });
  app.setErrorHandler(sayWhy);
  app.addHook('preClose', async () => stream.close());
  await app.register(assetRoutes, options.root === undefined ? {} : { root: options.root });
  await app.register(decisionRoutes, {
    board,
    decide,
    now: () => progress().at,
    mayDecide: requireScope('approve'),
    callerOf,
  });

  app.get('/v1/exceptions', read, async (request) => {
    const query = listQuery.safeParse(request.query);
    if (!query.success) throw new ForewarnError('FW701', z.prettifyError(query.error));
    const { state, limit } = query.data;
    const view = viewOf(board, progress(), limit);
    return { ...view, recent: state === 'all' ? board.recentRows(limit) : [] };
  });

  app.get<ById>('/v1/exceptions/:id', read, async ({ params: { id } }) => board.row(id) ?? unknown(id));

  app.get<ById>(
    '/v1/exceptions/:id/history',
    read,
    async ({ params: { id } }) => (await historyOf(board, id, records)) ?? unknown(id),
  );

  app.get<ById>('/v1/exceptions/:id/evidence', read, async ({ params: { id } }) => {
    const { evidence, contributions } = (board.row(id) ?? unknown(id)).exception;
    const ids = [...evidence.events, ...evidence.alerts, ...evidence.ports, ...evidence.predictions];
    return [...((await records?.evidence(ids.slice(-evidenceLimit))) ?? []), ...reasonsOf(contributions)];
  });

  if (records !== undefined)
    await app.register(shipmentRoutes, { events: records.events, mayRead: requireScope('read') });

  app.get('/v1/causes', read, async () => board.causes());

  app.get<ById>('/v1/causes/:id', read, async ({ params: { id } }): Promise<CauseDetail> => {
    const cause = board.cause(id);
    if (cause === undefined) throw new ForewarnError('FW706', `nothing of cause ${id} is open here`);
    const rows = board
      .exceptionsOf(id)
      .slice(0, rowLimit)
      .flatMap((exception) => board.row(exception.id) ?? []);
    return { cause, rows, more: cause.open - rows.length };
  });

  app.get('/v1/reasons', read, async (): Promise<Reasons> => ({ refuse: refusalReasons }));

  app.get('/v1/caller', read, async (request): Promise<CallerView> => {
    const { name, roles, onBehalf } = callerOf(request);
    return { name, roles, onBehalf };
  });

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

const unknown = (id: string): never => {
  throw new ForewarnError('FW706', `exception ${id} is not known here`);
};

/** What passes by itself is 503, whatever it is elsewhere: a person is told to try again, not to go slower. */
const statusOf = (error: unknown): number =>
  error instanceof ForewarnError && error.retry ? 503 : problemOf(error).status;

const sayWhy = async (error: FastifyError, request: FastifyRequest, reply: FastifyReply) => {
  const status = statusOf(error);
  const ours = error instanceof ForewarnError;
  if (status === 500) request.log.error(error);
  if (status === 503) reply.header('retry-after', '1');
  const problem: Problem = {
    error: ours || status < 500 ? error.message : 'It failed inside; the log of the server says why.',
    ...(ours ? { code: error.code } : {}),
  };
  return reply.code(status).send(problem);
};
