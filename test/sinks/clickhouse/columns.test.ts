import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { instant, word } from '../../../domain/schema.ts';
import { columnsOf } from '../../../sinks/clickhouse/columns.ts';
import { rowEncoder } from '../../../sinks/clickhouse/row-encoder.ts';
import { tables } from '../../../sinks/clickhouse/tables.ts';

const typesOf = (shape: z.ZodRawShape): Record<string, string> =>
  Object.fromEntries(columnsOf(z.object(shape)).map(({ name, type }) => [name, type]));

const encode = (shape: z.ZodRawShape, row: unknown): unknown => rowEncoder(columnsOf(z.object(shape)))(row);

describe('columnsOf', () => {
  it('maps scalars', () => {
    expect(
      typesOf({
        text: z.string().min(1),
        when: z.iso.datetime(),
        kind: z.enum(['a', 'b']),
        count: z.int().min(0),
        share: z.number(),
        done: z.boolean(),
      }),
    ).toEqual({
      text: 'String',
      when: 'String',
      kind: 'LowCardinality(String)',
      count: 'Int64',
      share: 'Float64',
      done: 'Bool',
    });
  });

  it('flattens objects by path and writes names in snake case', () => {
    expect(
      typesOf({ source: z.object({ feedName: z.string(), place: z.object({ unlocode: z.string() }) }) }),
    ).toEqual({
      source_feed_name: 'String',
      source_place_unlocode: 'String',
    });
  });

  it('puts Nullable inside LowCardinality and never around an array', () => {
    expect(
      typesOf({
        word: word.nullable().default(null),
        at: instant.nullable(),
        kind: z.enum(['a']).optional(),
        tags: z.array(z.string()).nullable(),
        status: z.int().nullable().meta({ column: 'Nullable(UInt16)' }),
      }),
    ).toEqual({
      word: 'LowCardinality(Nullable(String))',
      at: "Nullable(DateTime64(3, 'UTC'))",
      kind: 'LowCardinality(Nullable(String))',
      tags: 'Array(String)',
      status: 'Nullable(UInt16)',
    });
  });

  it('makes everything in a nullable object nullable', () => {
    expect(
      typesOf({
        code: z
          .object({ standard: word, steps: z.array(z.int()) })
          .nullable()
          .default(null),
      }),
    ).toEqual({
      code_standard: 'LowCardinality(Nullable(String))',
      code_steps: 'Array(Int64)',
    });
  });

  it('keeps what has no fixed fields as JSON text', () => {
    expect(
      typesOf({
        legs: z.array(z.object({ from: z.string() })),
        facts: z.record(z.string(), z.number()),
        words: z.array(word.nullable()),
      }),
    ).toEqual({ legs: 'String', facts: 'String', words: 'Array(LowCardinality(Nullable(String)))' });
  });

  it('takes the outermost column of the metadata and the description as comment', () => {
    const [column] = columnsOf(
      z.object({ n: z.int().meta({ column: 'UInt32', description: 'How many.' }).nullable().default(0) }),
    );
    expect(column).toMatchObject({ name: 'n', type: 'Nullable(UInt32)', comment: 'How many.' });
  });

  it('refuses two fields that come out under one name', () => {
    expect(() => columnsOf(z.object({ a_b: z.string(), a: z.object({ b: z.string() }) }))).toThrow(
      /FW504 column "a_b"/,
    );
  });

  it('finds columns for every table', () => {
    for (const { schema, orderBy } of Object.values(tables))
      expect(columnsOf(schema).map(({ name }) => name)).toEqual(expect.arrayContaining([...orderBy]));
  });
});

describe('rowEncoder', () => {
  it('floors fractions of a millisecond and reads ISO times', () => {
    expect(
      encode(
        { a: instant, b: instant, c: instant },
        { a: 1_700_000_000_123.7, b: -0.5, c: '2026-01-02T03:04:05+02:00' },
      ),
    ).toEqual({
      a: '2023-11-14 22:13:20.123',
      b: '1969-12-31 23:59:59.999',
      c: '2026-01-02 01:04:05.000',
    });
  });

  it.each([
    ['an instant past 2299', { at: Date.UTC(2300, 0, 1) }],
    ['an instant that is none', { at: Number.NaN }],
    ['an infinite instant', { at: Infinity }],
    ['no instant', {}],
  ])('refuses %s', (_, row) => {
    expect(() => encode({ at: instant }, row)).toThrow(
      /FW402 field "at": an instant between 1900 and 2299 expected/,
    );
  });

  it('writes no negative zero', () => {
    const row = encode({ a: z.number(), b: z.int(), c: z.array(z.number()) }, { a: -0, b: -0, c: [-0] });
    expect(Object.is((row as { a: number }).a, 0)).toBe(true);
    expect(Object.is((row as { b: number }).b, 0)).toBe(true);
    expect(Object.is((row as { c: number[] }).c[0], 0)).toBe(true);
  });

  it('writes NaN as null where null may be, and refuses it elsewhere', () => {
    expect(encode({ a: z.number().nullable() }, { a: Number.NaN })).toEqual({ a: null });
    expect(() => encode({ a: z.number() }, { a: Number.NaN })).toThrow(
      /FW402 field "a": a finite number expected, got NaN/,
    );
    expect(() => encode({ a: z.number().nullable() }, { a: Infinity })).toThrow(/got Infinity/);
  });

  it('refuses what ClickHouse would wrap around: 4294967297 in a UInt32', () => {
    const shape = { n: z.int().meta({ column: 'UInt32' }) };
    expect(encode(shape, { n: 4_294_967_295 })).toEqual({ n: 4_294_967_295 });
    expect(() => encode(shape, { n: 4_294_967_297 })).toThrow(
      /whole number that fits UInt32 expected, got 4294967297/,
    );
  });

  it('writes what is absent as null or as nothing', () => {
    const shape = {
      code: z.object({ standard: z.string(), steps: z.array(z.string()) }).nullable(),
      note: z.string().optional(),
    };
    expect(encode(shape, { code: null })).toEqual({ code_standard: null, code_steps: [], note: null });
  });

  it('writes objects without fixed fields as JSON', () => {
    expect(encode({ facts: z.record(z.string(), z.number()) }, { facts: { a: 1 } })).toEqual({
      facts: '{"a":1}',
    });
  });
});
