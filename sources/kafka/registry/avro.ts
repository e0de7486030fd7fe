import type avsc from 'avsc';
import { loadFormat, type PayloadDecoder } from './load-format.ts';
import type { RegisteredSchema } from './schema-registry.ts';

/**
 * Avro as JSON: `bytes` and `fixed` as base64, a `long` that a number cannot hold as text, `decimal` as decimal text,
 * times and dates as the numbers that they are, a union as the value itself where its branches can be told apart.
 */
export const avroDecoders = async (): Promise<(schema: RegisteredSchema) => PayloadDecoder> => {
  const { default: avro } = await loadFormat('avro', () => import('avsc'));
  const longs = avro.types.LongType.__with({
    fromBuffer: (bytes: Uint8Array) => Buffer.from(bytes).readBigInt64LE(),
    toBuffer: (value: bigint) => {
      const bytes = Buffer.alloc(8);
      bytes.writeBigInt64LE(value);
      return bytes;
    },
    fromJSON: BigInt,
    toJSON: Number,
    isValid: (value: unknown) => typeof value === 'bigint',
    compare: (a: bigint, b: bigint) => (a === b ? 0 : a < b ? -1 : 1),
  });
  return ({ text, references }) => {
    const registry: Record<string, avsc.Type> = {};
    const options: Partial<avsc.ForSchemaOptions> = {
      registry,
      logicalTypes: { decimal: decimalType(avro) },
      typeHook: (schema) =>
        schema === 'long' || (typeof schema === 'object' && 'type' in schema && schema.type === 'long')
          ? longs
          : undefined,
    };
    for (const reference of references) avro.Type.forSchema(parsed(reference.text), options);
    const type = avro.Type.forSchema(parsed(text), options);
    return (payload) => Buffer.from(JSON.stringify(type.fromBuffer(payload), plain));
  };
};

/** A schema of one word may stand without quotes. */
const parsed = (text: string): avsc.Schema => {
  try {
    return JSON.parse(text) as avsc.Schema;
  } catch {
    return text.trim();
  }
};

const plain = (_key: string, value: unknown): unknown => {
  if (typeof value === 'bigint') {
    const number = Number(value);
    return Number.isSafeInteger(number) ? number : String(value);
  }
  const bytes = value as { readonly type?: unknown; readonly data?: unknown } | null;
  return typeof bytes === 'object' && bytes?.type === 'Buffer' && Array.isArray(bytes.data)
    ? Buffer.from(bytes.data as number[]).toString('base64')
    : value;
};

/** Bytes that are an unscaled number in two's complement, big end first: `04 d2` with scale 2 → "12.34". */
const decimalType = (avro: typeof avsc): new () => avsc.types.LogicalType =>
  class extends avro.types.LogicalType {
    readonly #scale: number;

    constructor(schema?: avsc.Schema, options?: unknown) {
      super(schema as never, options as never);
      this.#scale = Number((schema as { readonly scale?: number } | undefined)?.scale ?? 0);
    }

    protected override _fromValue(value: unknown): string {
      const bytes = value as Buffer;
      const unscaled = BigInt.asIntN(bytes.length * 8, BigInt(`0x${bytes.toString('hex') || '0'}`));
      const digits = String(unscaled < 0n ? -unscaled : unscaled).padStart(this.#scale + 1, '0');
      const whole = digits.slice(0, digits.length - this.#scale);
      const sign = unscaled < 0n ? '-' : '';
      return this.#scale === 0 ? sign + digits : `${sign}${whole}.${digits.slice(-this.#scale)}`;
    }

    protected override _toValue(): undefined {
      return undefined;
    }
  };
