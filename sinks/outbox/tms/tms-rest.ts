import type { Dispatch } from '../../../domain/dispatch.ts';
import { stableId } from '../../../domain/stable-id.ts';
import type { Clock } from '../../../runtime/clock.ts';
import { ForewarnError } from '../../../runtime/forewarn-error.ts';
import type { Log } from '../../../runtime/log/log.ts';
import type { Channel, SendContext, SendOutcome } from '../channel.ts';
import type { CompiledMapping, QueryWay, RequestWay, UpdateWay } from './compile-mapping.ts';
import { failureOf, httpClient, readFailureOf } from './http-client.ts';
import { readModifyWrite } from './read-modify-write.ts';
import { scopeOf, type TemplateScope } from './render.ts';

export interface TmsRestOptions {
  /** The destination's name. */
  readonly name: string;
  readonly url: string;
  readonly mapping: CompiledMapping;
  /** Who we are: authorisation and the like. */
  readonly headers: Readonly<Record<string, string>>;
  /** Ingest source under which answers to queries come in. */
  readonly ingestAs: string;
  readonly log: Pick<Log, 'append'>;
  /** Wall time, for `Retry-After`. */
  readonly clock: Clock;
  readonly tries?: number;
}

/** Objects whose first reading is remembered between attempts. */
const REMEMBERED = 10_000;

const mediaTypeOf = (header: string | undefined): string =>
  header?.split(';')[0]?.trim().toLowerCase() || 'application/octet-stream';

/**
 * A TMS with a REST interface, as its mapping file says. Guarantee by way: a `request` is sent at least once under the
 * action's id, exactly once where the TMS honours it, and else uncertain when its answer is lost. An `update` sets
 * values, so that doing it again changes nothing, and never over a person's change. A `query` writes its answer into the
 * log before the action counts as sent; an answer that is the same comes in once.
 */
export const tmsRest = (options: TmsRestOptions): Channel => {
  const { mapping, log, clock, ingestAs, tries = 4 } = options;
  const client = httpClient({
    name: options.name,
    url: options.url,
    headers: { ...mapping.headers, ...options.headers },
  });
  const readings = new Map<string, readonly (string | null)[]>();

  const identified = ({ id }: Dispatch): Record<string, string> => ({ [mapping.idempotencyHeader]: id });

  const request = async (
    way: RequestWay,
    action: Dispatch,
    scope: TemplateScope,
    signal: AbortSignal,
  ): Promise<SendOutcome> => {
    const body = way.body?.(scope);
    const reply = await client.ask(
      {
        method: way.method,
        path: way.path(scope),
        headers: {
          ...identified(action),
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(body === undefined ? {} : { body }),
      },
      signal,
    );
    if (reply.kind === 'answer' && (way.expect.includes(reply.status) || way.done.includes(reply.status)))
      return { kind: 'sent', httpStatus: reply.status };
    const failure = failureOf(reply, clock.now());
    // Without its care for our id, a TMS that failed midway may have done it.
    const mayHaveDone =
      failure.httpStatus !== undefined && failure.httpStatus >= 500 && failure.httpStatus !== 503;
    return mayHaveDone && !mapping.deduplicates ? { ...failure, kind: 'unknown' } : failure;
  };

  const update = async (
    way: UpdateWay,
    action: Dispatch,
    scope: TemplateScope,
    { mayHaveIt = false, signal }: SendContext,
  ): Promise<SendOutcome> => {
    const outcome = await readModifyWrite({
      client,
      method: way.method,
      get: way.get(scope),
      put: way.put(scope),
      revision: way.revision,
      changes: way.set.map(({ path, value }) => ({ path, value: value(scope) })),
      headers: identified(action),
      before: readings.get(action.id),
      onRead: (before) => {
        readings.set(action.id, before);
        if (readings.size > REMEMBERED) readings.delete(readings.keys().next().value!);
      },
      mayHaveWritten: mayHaveIt,
      tries,
      nowMs: () => clock.now(),
      signal,
    });
    if (outcome.kind === 'sent' || outcome.kind === 'refused') readings.delete(action.id);
    return outcome;
  };

  const query = async (
    way: QueryWay,
    action: Dispatch,
    scope: TemplateScope,
    signal: AbortSignal,
  ): Promise<SendOutcome> => {
    const reply = await client.ask({ method: 'GET', path: way.get(scope) }, signal);
    if (reply.kind === 'answer' && way.done.includes(reply.status))
      return { kind: 'sent', httpStatus: reply.status };
    if (reply.kind !== 'answer' || !way.expect.includes(reply.status))
      return readFailureOf(reply, clock.now());
    const { body, headers, status: httpStatus } = reply;
    if (body === undefined || body.length === 0)
      return { kind: 'retry', httpStatus, error: 'the answer has no content, or its end did not come' };
    const documentId = `tms:${action.id}:${stableId(body.toString('latin1'))}`;
    const said = {
      contentType: mediaTypeOf(headers['content-type']),
      source: ingestAs,
      via: 'tms',
      documentId,
    };
    try {
      await log.append('raw', { key: ingestAs, value: body, headers: said }, { documentId });
    } catch (error) {
      if (error instanceof ForewarnError && error.retry) return { kind: 'retry', error: error.message };
      throw error;
    }
    return { kind: 'sent', httpStatus };
  };

  return {
    deduplicates: mapping.deduplicates,
    send: async (action, context) => {
      const way = mapping.wayOf(action);
      try {
        if (way === undefined) {
          const what = `${action.type} with template ${action.template}`;
          throw new ForewarnError('FW716', `${mapping.file} has no entry for ${what}; add one`);
        }
        const scope = scopeOf(action);
        switch (way.way) {
          case 'request':
            return await request(way, action, scope, context.signal);
          case 'update':
            return await update(way, action, scope, context);
          case 'query':
            return await query(way, action, scope, context.signal);
        }
      } catch (error) {
        if (error instanceof ForewarnError && error.code === 'FW716')
          return { kind: 'refused', error: error.message };
        throw error;
      }
    },
    close: () => client.close(),
  };
};
