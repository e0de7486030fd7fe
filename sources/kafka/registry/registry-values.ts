import { ForewarnError } from '../../../runtime/forewarn-error.ts';
import type { DecodedValue, Valued, ValueDecoder } from '../value-decoder.ts';
import { avroDecoders } from './avro.ts';
import { jsonSchemaDecoders } from './json-schema.ts';
import type { PayloadDecoder, SchemaFormat } from './load-format.ts';
import { protobufDecoders } from './protobuf.ts';
import type { RegisteredSchema, SchemaRegistry } from './schema-registry.ts';
import { unframed } from './wire-format.ts';

const formats: Readonly<
  Record<
    SchemaFormat,
    {
      readonly type: RegisteredSchema['type'];
      readonly decoders: () => Promise<(schema: RegisteredSchema) => PayloadDecoder>;
    }
  >
> = {
  avro: { type: 'AVRO', decoders: avroDecoders },
  'json-schema': { type: 'JSON', decoders: jsonSchemaDecoders },
  protobuf: { type: 'PROTOBUF', decoders: protobufDecoders },
};

/** What is known of a schema's id: how it decodes, or why nothing of it can be. */
type Known = { readonly decode: PayloadDecoder } | { readonly refusal: string; readonly until: number };

/** A registry may learn of an id later than its records come; so often it is asked, a little longer each time. */
const ASK_UNKNOWN = 5;
/** Then its records are dead letters, and it is asked again after so long. */
const UNKNOWN_FOR_MS = 60_000;
const MOST_SCHEMAS = 1_000;

/**
 * Values in the wire format of the schema registry, as JSON. What does not fit its schema is a dead letter; while the
 * registry is away, or does not know an id yet, everything waits. FW226 where the package of the format is missing.
 */
export const registryValues = async (
  format: SchemaFormat,
  registry: SchemaRegistry,
  contentType = 'application/json',
  now: () => number = () => performance.now(),
): Promise<ValueDecoder> => {
  const { type, decoders } = formats[format];
  const decoderOf = await decoders();
  const known = new Map<number, Known>();
  const asked = new Map<number, number>();

  const learn = async (id: number): Promise<void> => {
    const before = known.get(id);
    if (before !== undefined && (!('until' in before) || now() < before.until)) return;
    const schema = await registry.byId(id);
    if (schema === undefined) {
      const times = (asked.get(id) ?? 0) + 1;
      asked.set(id, times);
      if (times < ASK_UNKNOWN) throw new ForewarnError('FW619', `schema registry has no schema ${id} yet`);
      asked.delete(id);
      known.set(id, { refusal: `the registry has no schema ${id}`, until: now() + UNKNOWN_FOR_MS });
      return;
    }
    asked.delete(id);
    known.set(id, compiled(id, schema));
    if (known.size > MOST_SCHEMAS) known.delete(known.keys().next().value!);
  };

  const compiled = (id: number, schema: RegisteredSchema): Known => {
    const refused = (why: string): Known => ({ refusal: `schema ${id} ${why}`, until: Infinity });
    if (schema.type !== type) return refused(`is of ${schema.type}, and value says ${format}`);
    try {
      return { decode: decoderOf(schema) };
    } catch (error) {
      return refused(`cannot be understood: ${error instanceof Error ? error.message : String(error)}`);
    }
  };

  return {
    prepare: async (messages) => {
      const ids = new Set<number>();
      for (const { value } of messages) {
        const framed = unframed(value);
        if (framed !== null) ids.add(framed.schemaId);
      }
      for (const id of ids) await learn(id);
    },
    decode: ({ value }: Valued): DecodedValue => {
      const framed = unframed(value);
      if (framed === null)
        return { code: 'FW401', reason: 'the value does not begin with a zero and the id of a schema' };
      const { schemaId, payload } = framed;
      const found = known.get(schemaId);
      if (found === undefined || 'refusal' in found)
        return { code: 'FW402', reason: found?.refusal ?? `schema ${schemaId} is not known` };
      try {
        return { bytes: found.decode(payload), contentType };
      } catch (error) {
        const said = error instanceof Error ? error.message : String(error);
        return { code: 'FW402', reason: `it does not fit schema ${schemaId}: ${said}` };
      }
    },
  };
};
