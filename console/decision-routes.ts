import type { FastifyPluginAsync, FastifyReply, FastifyRequest, preHandlerAsyncHookHandler } from 'fastify';
import { z } from 'zod';
import { ForewarnError } from '../runtime/forewarn-error.ts';
import {
  AnsweredRequests,
  type KeyedRequest,
  keyedDecisionId,
  type SentAnswer,
} from './answered-requests.ts';
import type { Board } from './board.ts';
import { decideMany } from './bulk-decisions.ts';
import {
  approvalsBody,
  assignBody,
  commentBody,
  plainBody,
  refuseBody,
  snoozeBody,
  snoozedUntil,
} from './decision-body.ts';
import { type Decide, DecisionDesk, type Words } from './decisions.ts';
import type { CallerView } from './page/contract.ts';

export interface DecisionRoutesOptions {
  readonly board: Board;
  readonly decide: Decide;
  /** Log time. */
  readonly now: () => number;
  /** Lets those pass who may decide at all. */
  readonly mayDecide: preHandlerAsyncHookHandler;
  readonly callerOf: (request: FastifyRequest) => CallerView;
}

type ById = { readonly Params: { readonly id: string } };
type Said = { readonly by?: string | undefined; readonly reason?: string; readonly note?: string };

/**
 * Everything that a person can say to an exception, to its actions, and to all of one cause. Answered with 202 once it
 * is durable in the log; its effect comes by stream. With the header `idempotency-key` a request that is sent again
 * is the same decision.
 */
export const decisionRoutes: FastifyPluginAsync<DecisionRoutesOptions> = async (app, options) => {
  const { board, callerOf, now } = options;
  const desk = new DecisionDesk(board, options.decide, now);
  const answered = new AnsweredRequests();
  const one = { preHandler: options.mayDecide, bodyLimit: 16 * 1024 };
  const many = { preHandler: options.mayDecide, bodyLimit: 512 * 1024 };

  /** Who decides: the key's own name, unless it may decide for others and says for whom. */
  const wordsOf = (request: FastifyRequest, { by, reason = 'none', note = '' }: Said): Omit<Words, 'id'> => {
    const caller = callerOf(request);
    return {
      by: (caller.onBehalf ? by : undefined) ?? caller.name,
      roles: caller.roles.slice(),
      reason,
      note,
    };
  };

  const answer = async (
    request: FastifyRequest,
    reply: FastifyReply,
    take: (idOf: (item: string) => string | null) => Promise<SentAnswer>,
  ): Promise<FastifyReply> => {
    const key = idempotencyKey(request);
    const { method, url, body } = request;
    const keyed: KeyedRequest | null =
      key === null
        ? null
        : { caller: callerOf(request).name, key, asks: `${method} ${url} ${JSON.stringify(body)}` };
    const sent =
      keyed === null
        ? await take(() => null)
        : await answered.once(keyed, () => take((item) => keyedDecisionId(keyed, item)));
    return reply.code(sent.status).send(sent.body);
  };
  const taken = async (decision: Promise<{ readonly decision: string }>): Promise<SentAnswer> => ({
    status: 202,
    body: await decision,
  });

  for (const verdict of ['approve', 'refuse'] as const) {
    const schema = verdict === 'approve' ? plainBody : refuseBody;
    app.post<ById>(`/v1/actions/:id/${verdict}`, one, async (request, reply) => {
      const words = wordsOf(request, read(schema, request.body));
      return answer(request, reply, (idOf) =>
        taken(desk.action(request.params.id, verdict, { ...words, id: idOf('') })),
      );
    });
    app.post<ById>(`/v1/causes/:id/${verdict}`, one, async (request, reply) => {
      const words = wordsOf(request, read(schema, request.body));
      const causeId = request.params.id;
      return answer(request, reply, (idOf) =>
        decideMany(waitingUnder(causeId), (id) =>
          desk.action(id, verdict, { ...words, causeId, id: idOf(id) }),
        ),
      );
    });
  }

  for (const verdict of ['acknowledge', 'resolve', 'wake'] as const) {
    app.post<ById>(`/v1/exceptions/:id/${verdict}`, one, async (request, reply) => {
      const words = wordsOf(request, read(plainBody, request.body));
      return answer(request, reply, (idOf) =>
        taken(desk.exception(request.params.id, verdict, { ...words, id: idOf('') })),
      );
    });
  }

  app.post<ById>('/v1/exceptions/:id/snooze', one, async (request, reply) => {
    const body = read(snoozeBody, request.body);
    const words = { ...wordsOf(request, body), until: snoozedUntil(body, now()) };
    return answer(request, reply, (idOf) =>
      taken(desk.exception(request.params.id, 'snooze', { ...words, id: idOf('') })),
    );
  });

  app.post<ById>('/v1/exceptions/:id/assign', one, async (request, reply) => {
    const body = read(assignBody, request.body);
    const words = { ...wordsOf(request, body), assignee: body.assignee };
    return answer(request, reply, (idOf) =>
      taken(desk.exception(request.params.id, 'assign', { ...words, id: idOf('') })),
    );
  });

  app.post<ById>('/v1/exceptions/:id/comment', one, async (request, reply) => {
    const words = wordsOf(request, read(commentBody, request.body));
    return answer(request, reply, (idOf) =>
      taken(desk.exception(request.params.id, 'comment', { ...words, id: idOf('') })),
    );
  });

  app.post<ById>('/v1/causes/:id/acknowledge', one, async (request, reply) => {
    const words = wordsOf(request, read(plainBody, request.body));
    const causeId = request.params.id;
    return answer(request, reply, (idOf) => {
      const open = openUnder(causeId).filter(({ state }) => state === 'open');
      return decideMany(
        open.map(({ id }) => id),
        (id) => desk.exception(id, 'acknowledge', { ...words, causeId, id: idOf(id) }),
      );
    });
  });

  app.post('/v1/approvals', many, async (request, reply) => {
    const { actions, ...said } = read(approvalsBody, request.body);
    const words = wordsOf(request, said);
    return answer(request, reply, (idOf) =>
      decideMany([...new Set(actions)], (id) => desk.action(id, 'approve', { ...words, id: idOf(id) })),
    );
  });

  const openUnder = (causeId: string) => {
    const open = board.exceptionsOf(causeId);
    if (open.length > 0) return open;
    throw new ForewarnError('FW706', `nothing of cause ${causeId} is open here`);
  };
  const waitingUnder = (causeId: string): string[] =>
    openUnder(causeId)
      .flatMap(({ id }) => board.actionsOf(id))
      .filter(({ state }) => state === 'awaiting_approval')
      .map(({ id }) => id);
};

/** Throws FW701 that says what does not fit. */
const read = <T extends z.ZodType>(schema: T, body: unknown): z.infer<T> => {
  // A person who has nothing to add need not send anything.
  const parsed = schema.safeParse(body ?? {});
  if (!parsed.success) throw new ForewarnError('FW701', z.prettifyError(parsed.error));
  return parsed.data;
};

const idempotencyKey = ({ headers }: FastifyRequest): string | null => {
  const key = headers['idempotency-key'];
  if (key === undefined) return null;
  if (typeof key === 'string' && /^[\x21-\x7e]{1,200}$/.test(key)) return key;
  throw new ForewarnError('FW701', 'header idempotency-key must be 1 to 200 visible ASCII characters');
};
