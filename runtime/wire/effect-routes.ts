import type { ClickHouseClient } from '@clickhouse/client';
import type { FastifyPluginAsync, preHandlerAsyncHookHandler } from 'fastify';
import { z } from 'zod';
import { effectRows } from '../../sinks/clickhouse/effect-rows.ts';
import { problem } from '../../sources/http/problem.ts';
import { ForewarnError } from '../forewarn-error.ts';

export interface EffectRoutesOptions {
  readonly client: ClickHouseClient;
  readonly requireScope: (scope: 'read') => preHandlerAsyncHookHandler;
}

const period = z.strictObject({
  from: z.coerce.number().int().min(0).optional(),
  to: z.coerce.number().int().min(0).optional(),
});

/** Decisions and how they ended, for whoever estimates; the estimate itself would hold up the thread that ingests. */
export const effectRoutes: FastifyPluginAsync<EffectRoutesOptions> = async (app, options) => {
  const { client, requireScope } = options;
  app.setErrorHandler(problem);
  app.get('/v1/effect-rows', { preHandler: requireScope('read') }, (request) => {
    const asked = period.safeParse(request.query);
    if (!asked.success)
      throw new ForewarnError(
        'FW701',
        'the query is ?from=<milliseconds>&to=<milliseconds>, each may be left out',
      );
    const { from, to } = asked.data;
    return effectRows(client, {
      ...(from === undefined ? {} : { from }),
      ...(to === undefined ? {} : { to }),
    });
  });
};
