import type { ClickHouseClient } from '@clickhouse/client';
import type { FastifyPluginAsync, preHandlerAsyncHookHandler } from 'fastify';
import { z } from 'zod';
import type { OpenPeriod } from '../../sinks/clickhouse/ask.ts';
import { driftReport } from '../../sinks/clickhouse/drift-report.ts';
import { ediFindings } from '../../sinks/clickhouse/edi-findings.ts';
import { effectRows } from '../../sinks/clickhouse/effect-rows.ts';
import { identityDisputes } from '../../sinks/clickhouse/identity-disputes.ts';
import { unknownEvents } from '../../sinks/clickhouse/unknown-events.ts';
import { unmappedCodes } from '../../sinks/clickhouse/unmapped-codes.ts';
import { problem } from '../../sources/http/problem.ts';
import { ForewarnError } from '../forewarn-error.ts';

export interface TableRoutesOptions {
  readonly client: ClickHouseClient;
  readonly requireScope: (scope: 'read') => preHandlerAsyncHookHandler;
}

const period = z.strictObject({
  from: z.coerce.number().int().min(0).optional(),
  to: z.coerce.number().int().min(0).optional(),
});

/** The period that a query asks for. FW701 where it does not fit. */
const periodOf = (query: unknown): OpenPeriod => {
  const asked = period.safeParse(query);
  if (!asked.success)
    throw new ForewarnError(
      'FW701',
      'the query is ?from=<milliseconds>&to=<milliseconds>, each may be left out',
    );
  const { from, to } = asked.data;
  return { ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) };
};

/**
 * What commands beside this process work out of its tables: decisions and how they ended, for whoever estimates, because the
 * estimate itself would hold up the thread that ingests; the codes that no mapping knows; the events that no plan claims, or
 * several do; what is odd about EDI; how models do.
 */
export const tableRoutes: FastifyPluginAsync<TableRoutesOptions> = async (app, { client, requireScope }) => {
  const read = { preHandler: requireScope('read') };
  app.setErrorHandler(problem);
  app.get('/v1/drift', read, ({ query }) => driftReport(client, periodOf(query)));
  app.get('/v1/edi-findings', read, ({ query }) => ediFindings(client, periodOf(query)));
  app.get('/v1/effect-rows', read, ({ query }) => effectRows(client, periodOf(query)));
  app.get('/v1/unknown-events', read, ({ query }) => unknownEvents(client, periodOf(query)));
  app.get('/v1/identity-disputes', read, ({ query }) => identityDisputes(client, periodOf(query)));
  app.get('/v1/unmapped-codes', read, ({ query }) => unmappedCodes(client, periodOf(query)));
};
