import type { FastifyPluginAsync } from 'fastify';
import { ForewarnError } from '../../runtime/forewarn-error.ts';
import { type JsonSchema, recordSchemas } from '../decoders/canonical/record-schemas.ts';
import type { Auth } from './auth.ts';

const schemas: ReadonlyMap<string, JsonSchema> = new Map(Object.entries(recordSchemas));
const list = [...schemas].map(([type, { description }]) => ({
  type,
  description,
  schema: `/v1/schemas/${type}`,
}));

/**
 * `GET /v1/schemas` and `GET /v1/schemas/:type`: the JSON Schemas (draft 2020-12) by which canonical records are checked,
 * for whoever may send some.
 */
export const schemaRoutes =
  ({ auth }: { readonly auth: Auth }): FastifyPluginAsync =>
  async (app) => {
    const onRequest = auth.requireScope('ingest');
    app.get('/v1/schemas', { onRequest }, async () => list);
    app.get<{ Params: { type: string } }>('/v1/schemas/:type', { onRequest }, async (request, reply) => {
      const { type } = request.params;
      const schema = schemas.get(type);
      if (schema === undefined)
        throw new ForewarnError(
          'FW706',
          `no record has the type "${type}"; choose one of ${[...schemas.keys()].join(', ')}`,
        );
      // Bytes, or fastify adds a charset that the media type does not have.
      return reply.type('application/schema+json').send(Buffer.from(JSON.stringify(schema)));
    });
  };
