import avro from 'avsc';
import { describe, expect, it } from 'vitest';
import type { SchemaFormat } from '../../../sources/kafka/registry/load-format.ts';
import { registryValues } from '../../../sources/kafka/registry/registry-values.ts';
import { SchemaRegistry } from '../../../sources/kafka/registry/schema-registry.ts';
import type { Valued } from '../../../sources/kafka/value-decoder.ts';
import { ourRegistry, type StoredSchema } from './our-registry.ts';

const message = (value: Buffer): Valued => ({
  topic: 't',
  partition: 0,
  offset: 0,
  value,
  size: value.length,
});
const framed = (id: number, ...payload: readonly (Buffer | readonly number[])[]): Buffer => {
  const head = Buffer.alloc(5);
  head.writeUInt32BE(id, 1);
  return Buffer.concat([head, ...payload.map((part) => Buffer.from(part as Buffer))]);
};

const begin = async (format: SchemaFormat, schemas: Readonly<Record<number, StoredSchema>> = {}) => {
  const registry = await ourRegistry();
  for (const [id, schema] of Object.entries(schemas)) registry.ids.set(Number(id), schema);
  let time = 0;
  const values = await registryValues(
    format,
    new SchemaRegistry({ url: `${registry.url}/` }),
    undefined,
    () => time,
  );
  const decode = async (value: Buffer): Promise<unknown> => {
    await values.prepare([message(value)]);
    const decoded = values.decode(message(value));
    if ('code' in decoded) return `${decoded.code} ${decoded.reason}`;
    expect(decoded.contentType).toBe('application/json');
    return JSON.parse(Buffer.from(decoded.bytes).toString());
  };
  return { registry, values, decode, wait: (ms: number) => (time += ms) };
};

/** Schemas, and what Confluent's own serializers (@confluentinc/schemaregistry 1.10.1) wrote with them, in base64. */
const theirs = {
  avro: {
    schema: JSON.stringify({
      type: 'record',
      name: 'Scan',
      namespace: 'their.events',
      fields: [
        { name: 'shipment', type: 'string' },
        { name: 'weightKg', type: ['null', 'double'], default: null },
        { name: 'at', type: { type: 'long', logicalType: 'timestamp-millis' } },
        { name: 'tags', type: { type: 'map', values: 'string' } },
        { name: 'photo', type: 'bytes' },
      ],
    }),
    bytes: 'AAAAAAEGUy0xAgAAAAAAAClAgKDV7e5mAghsYW5lDkNISS1OWUMABgEC/w==',
  },
  json: {
    schema: JSON.stringify({
      $schema: 'http://json-schema.org/draft-07/schema#',
      type: 'object',
      properties: { shipment: { type: 'string' }, pieces: { type: 'integer', minimum: 1 } },
      required: ['shipment'],
      additionalProperties: false,
    }),
    bytes: 'AAAAAAJ7InNoaXBtZW50IjoiUy0yIiwicGllY2VzIjozfQ==',
  },
  protobuf: {
    schema: `syntax = "proto3";
package their.events;
message Other { int32 n = 1; }
message Envelope {
  message First { string x = 1; }
  message Scan { string shipment_id = 1; int64 sequence = 2; repeated int32 pieces = 3; bytes photo = 4; }
}`,
    nested: 'AAAAAAMEAgIKA1MtMxCBgICAgICAEBoCAQIiAwEC/w==',
    first: 'AAAAAAQACAc=',
  },
} as const;

describe('values in the wire format of a schema registry', () => {
  it('of Avro, as the registry’s own serializer wrote them', async () => {
    const { decode, registry } = await begin('avro', { 1: { schema: theirs.avro.schema } });
    const value = Buffer.from(theirs.avro.bytes, 'base64');
    const wanted = {
      shipment: 'S-1',
      weightKg: 12.5,
      at: 1_767_225_600_000,
      tags: { lane: 'CHI-NYC' },
      photo: 'AQL/',
    };
    expect(await decode(value)).toEqual(wanted);
    expect(await decode(value)).toEqual(wanted);
    expect(registry.requests.map(({ path }) => path)).toEqual(['/schemas/ids/1']);
  });

  it('of JSON Schema, and those that it does not allow', async () => {
    const { decode } = await begin('json-schema', { 2: { schema: theirs.json.schema, schemaType: 'JSON' } });
    expect(await decode(Buffer.from(theirs.json.bytes, 'base64'))).toEqual({ shipment: 'S-2', pieces: 3 });
    expect(await decode(framed(2, Buffer.from('{"pieces":0}')))).toMatch(
      /^FW402 it does not fit schema 2: data must have required property 'shipment'/,
    );
    expect(await decode(framed(2, Buffer.from('{"shipment":')))).toMatch(/^FW402 it does not fit schema 2: /);
  });

  it('of Protobuf, whichever message of its file they are', async () => {
    const stored: StoredSchema = { schema: theirs.protobuf.schema, schemaType: 'PROTOBUF' };
    const { decode } = await begin('protobuf', { 3: stored, 4: stored });
    expect(await decode(Buffer.from(theirs.protobuf.nested, 'base64'))).toEqual({
      shipmentId: 'S-3',
      sequence: '9007199254740993',
      pieces: [1, 2],
      photo: 'AQL/',
    });
    expect(await decode(Buffer.from(theirs.protobuf.first, 'base64'))).toEqual({ n: 7 });
    expect(await decode(framed(3, [2, 8], [8, 7]))).toBe(
      'FW402 it does not fit schema 3: the schema has no message [4]',
    );
    expect(await decode(framed(3, [0xff]))).toMatch(/message indexes before the message are broken$/);
    expect(await decode(framed(3, [0], [0x0a, 0x7f]))).toMatch(/^FW402 it does not fit schema 3: /);
  });

  it('with decimals, and longs that no number holds', async () => {
    const schema = {
      type: 'record' as const,
      name: 'Cost',
      fields: [
        { name: 'amount', type: { type: 'bytes' as const, logicalType: 'decimal', precision: 9, scale: 2 } },
        { name: 'n', type: 'long' as const },
      ],
    };
    const { decode } = await begin('avro', { 5: { schema: JSON.stringify(schema) } });
    const bytes = avro.Type.forSchema({
      type: 'record',
      name: 'B',
      fields: [{ name: 'amount', type: 'bytes' }],
    });
    // 9007199254740993 as a zigzag varint.
    const long = [0x82, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x20];
    for (const [unscaled, text] of [
      [[0x04, 0xd2], '12.34'],
      [[0xff], '-0.01'],
      [[0x00], '0.00'],
    ] as const)
      expect(await decode(framed(5, bytes.toBuffer({ amount: Buffer.from(unscaled) }), long))).toEqual({
        amount: text,
        n: '9007199254740993',
      });
  });

  it('whose schemas refer to others', async () => {
    const party = {
      type: 'record',
      name: 'Party',
      namespace: 'their',
      fields: [{ name: 'name', type: 'string' }],
    };
    const order = {
      type: 'record',
      name: 'Order',
      namespace: 'their',
      fields: [{ name: 'by', type: 'their.Party' }],
    };
    const inAvro = await begin('avro', {
      6: {
        schema: JSON.stringify(order),
        references: [{ name: 'their.Party', subject: 'party/v', version: 2 }],
      },
    });
    inAvro.registry.subjects.set('party/v/2', { schema: JSON.stringify(party) });
    expect(await inAvro.decode(framed(6, [6], Buffer.from('Joe')))).toEqual({ by: { name: 'Joe' } });

    const inProtobuf = await begin('protobuf', {
      7: {
        schemaType: 'PROTOBUF',
        schema: `syntax = "proto3"; package their; import "party.proto"; import "google/protobuf/timestamp.proto";
          message Order { Party by = 1; google.protobuf.Timestamp at = 2; }`,
        references: [{ name: 'party.proto', subject: 'party', version: 1 }],
      },
    });
    inProtobuf.registry.subjects.set('party/1', {
      schemaType: 'PROTOBUF',
      schema: 'syntax = "proto3"; package their; message Party { string name = 1; }',
    });
    const value = framed(7, [0], [0x0a, 5, 0x0a, 3], Buffer.from('Joe'), [0x12, 2, 8, 9]);
    expect(await inProtobuf.decode(value)).toEqual({ by: { name: 'Joe' }, at: { seconds: '9' } });
  });

  it('are dead letters when they are not framed, or their schema is another kind or makes no sense', async () => {
    const { decode } = await begin('avro', {
      8: { schema: 'syntax = "proto3";', schemaType: 'PROTOBUF' },
      9: { schema: '{"type":"recrd"}' },
      10: { schema: '"string"' },
    });
    expect(await decode(Buffer.from('{"a":1}'))).toBe(
      'FW401 the value does not begin with a zero and the id of a schema',
    );
    expect(await decode(Buffer.from([0, 0]))).toMatch(/^FW401 /);
    expect(await decode(framed(8))).toBe('FW402 schema 8 is of PROTOBUF, and value says avro');
    expect(await decode(framed(9))).toMatch(/^FW402 schema 9 cannot be understood: /);
    expect(await decode(framed(10, [6], Buffer.from('Joe')))).toBe('Joe');
    expect(await decode(framed(10, [6], Buffer.from('Jo')))).toMatch(/^FW402 it does not fit schema 10: /);
  });

  it('wait while the registry is away', async () => {
    const { decode, registry } = await begin('avro', { 1: { schema: '"int"' } });
    registry.fails = 503;
    for (let n = 0; n < 20; n++)
      await expect(decode(framed(1, [2]))).rejects.toThrow(
        `FW619 schema registry ${registry.url}/schemas/ids/1 answers HTTP 503; the source waits for it`,
      );
    registry.fails = undefined;
    expect(await decode(framed(1, [2]))).toBe(1);
    const nowhere = await registryValues('avro', new SchemaRegistry({ url: 'http://127.0.0.1:1' }));
    await expect(nowhere.prepare([message(framed(1))])).rejects.toThrow('FW619');
  });

  it('of an id that the registry does not know yet wait for a while, and are dead letters then', async () => {
    const { decode, registry, wait } = await begin('avro');
    for (let n = 1; n < 5; n++)
      await expect(decode(framed(11, [2]))).rejects.toThrow('FW619 schema registry has no schema 11 yet');
    expect(await decode(framed(11, [2]))).toBe('FW402 the registry has no schema 11');
    registry.ids.set(11, { schema: '"int"' });
    expect(await decode(framed(11, [2]))).toBe('FW402 the registry has no schema 11');
    wait(60_000);
    expect(await decode(framed(11, [2]))).toBe(1);
  });

  it('says who asks', async () => {
    const registry = await ourRegistry();
    const asked = new SchemaRegistry({ url: registry.url, username: 'forewarn', password: 'secret' });
    expect(await asked.byId(1)).toBeUndefined();
    expect(registry.requests[0]!.authorization).toBe(
      `Basic ${Buffer.from('forewarn:secret').toString('base64')}`,
    );
  });
});
