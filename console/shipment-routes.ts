import type { FastifyPluginAsync, preHandlerAsyncHookHandler } from 'fastify';
import { z } from 'zod';
import { ForewarnError } from '../runtime/forewarn-error.ts';
import type { EventsBefore, ShipmentEvents } from '../sinks/clickhouse/shipment-events.ts';

export interface ShipmentRoutesOptions {
  readonly events: (
    shipmentId: string,
    page: { readonly limit: number; readonly before?: EventsBefore | undefined },
  ) => Promise<ShipmentEvents>;
  readonly mayRead: preHandlerAsyncHookHandler;
}

const EVENTS_AT_MOST = 500;

const pageQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(EVENTS_AT_MOST).default(100),
  before: z.string().max(220).optional(),
});

/**
 * `GET /v1/shipments/:id/events`: what was told of a shipment, newest first, with what has been corrected or taken back since.
 * `next` of an answer is the `before` of the next older page. A shipment of which nothing was told has no events.
 */
export const shipmentRoutes: FastifyPluginAsync<ShipmentRoutesOptions> = async (app, { events, mayRead }) => {
  app.get<{ Params: { id: string } }>(
    '/v1/shipments/:id/events',
    { preHandler: mayRead },
    async ({ params, query }) => {
      const asked = pageQuery.safeParse(query);
      if (!asked.success) throw new ForewarnError('FW701', z.prettifyError(asked.error));
      const { limit, before } = asked.data;
      const found = await events(params.id, { limit, before: placeOf(before) });
      return { events: found.events, next: found.next === null ? null : wordOf(found.next) };
    },
  );
};

/** `1748865600000.2f0c…`: time and id of the last event of a page. */
const wordOf = ({ at, id }: EventsBefore): string => `${at}.${id}`;

const placeOf = (word: string | undefined): EventsBefore | undefined => {
  if (word === undefined) return undefined;
  const [, at, id] = /^(-?\d{1,15})\.(.{1,200})$/.exec(word) ?? [];
  if (at === undefined || id === undefined)
    throw new ForewarnError(
      'FW701',
      'before is no place in a list; send what "next" of the page before says',
    );
  return { at: Number(at), id };
};
