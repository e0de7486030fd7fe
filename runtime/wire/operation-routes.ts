import { Readable } from 'node:stream';
import type { FastifyPluginAsync, preHandlerAsyncHookHandler } from 'fastify';
import { z } from 'zod';
import { problem } from '../../sources/http/problem.ts';
import type { Engine } from '../engine.ts';
import { ForewarnError } from '../forewarn-error.ts';
import type { Pipeline } from '../graph.ts';
import type { LineLog } from '../log/log.ts';
import { deadLetterQuery, deadLettersIn } from './dead-letters.ts';
import { historyLine, historyOf } from './history.ts';
import { replayLetters } from './replay-letters.ts';
import type { Savepoints } from './savepoints.ts';
import { insightsOf } from './task-insights.ts';
import { whyOf } from './why.ts';

export interface OperationRoutesOptions {
  readonly log: LineLog;
  readonly engine: Pick<Engine, 'tasks'>;
  readonly pipelines: readonly Pipeline[];
  readonly savepoints: Savepoints;
  readonly requireScope: (scope: 'read' | 'approve') => preHandlerAsyncHookHandler;
}

const savepointBody = z.strictObject({ name: z.string() });
const historyQuery = z.object({ to: z.coerce.number().default(Infinity) });
const replayBody = z.union([
  z.strictObject({ ids: z.array(z.string()).min(1).max(10_000) }),
  z.strictObject({ step: z.string() }),
]);

/** What the commands for those who operate a line ask of a running process; they need what decisions on the page need. */
export const operationRoutes: FastifyPluginAsync<OperationRoutesOptions> = async (app, options) => {
  const { log, engine, pipelines, savepoints, requireScope } = options;
  const read = { preHandler: requireScope('read') };
  const change = { preHandler: requireScope('approve'), bodyLimit: 1 << 20 };
  app.setErrorHandler(problem);

  app.get('/v1/savepoints', read, () => savepoints.list());
  app.post('/v1/savepoints', change, async (request, reply) => {
    const { name } = parsed(savepointBody, request.body, 'the body is {"name": "before-upgrade"}');
    return reply.code(201).send(await savepoints.create(name));
  });
  app.delete<{ Params: { name: string } }>('/v1/savepoints/:name', change, async (request, reply) => {
    await savepoints.delete(request.params.name);
    return reply.code(204).send();
  });

  // What this line heard from outside, for a simulation beside it: a line of JSON a record, as it is read.
  app.get<{ Querystring: { to?: string } }>('/v1/history', read, (request, reply) => {
    const { to } = parsed(historyQuery, request.query, 'the query takes to, log time in milliseconds');
    reply.header('content-type', 'application/x-ndjson');
    return reply.send(Readable.from(historyLines(log, to)));
  });

  app.get<{ Params: { step: string } }>('/v1/why/:step', read, async (request) =>
    whyOf(request.params.step, await insightsOf(request.params.step, { log, engine, pipelines })),
  );

  app.get('/v1/dead-letters', read, async (request) => {
    const query = parsed(
      deadLetterQuery,
      request.query,
      'the query takes step, code, since (milliseconds) and limit (1 to 10000)',
    );
    return deadLettersIn(log).list(query);
  });
  app.get<{ Params: { id: string } }>('/v1/dead-letters/:id', read, (request) =>
    deadLettersIn(log).find(request.params.id),
  );
  app.post('/v1/dead-letters/replay', change, async (request) => {
    const wanted = parsed(replayBody, request.body, 'the body is {"ids": ["…"]} or {"step": "…"}');
    return replayLetters(log, wanted);
  });
};

const parsed = <T>(schema: z.ZodType<T>, value: unknown, mend: string): T => {
  const result = schema.safeParse(value);
  if (!result.success) throw new ForewarnError('FW701', `request does not fit: ${mend}`);
  return result.data;
};

async function* historyLines(log: LineLog, to: number): AsyncGenerator<string> {
  for await (const record of historyOf(log, to)) yield `${historyLine(record)}\n`;
}
