import { z } from 'zod';

/**
 * The pieces that every entity is made of. One schema per entity gives the TypeScript type, the validator,
 * the JSON Schema and, through `column` in its metadata, the ClickHouse column.
 */
export const instant = z
  .union([z.number(), z.iso.datetime({ offset: true }).transform((text) => Date.parse(text))])
  .meta({
    column: "DateTime64(3, 'UTC')",
    description: 'Milliseconds since 1970-01-01 UTC, or ISO 8601 with a zone.',
  });

/** A word from a small, stable set that is data rather than code: a carrier, a category, a tier. */
export const word = z.string().min(1).max(120).meta({ column: 'LowCardinality(String)' });

export const text = z.string().max(4_000);

export const id = z.string().min(1).max(200);

/** Money is integer minor units (cents) beside its ISO 4217 currency. */
export const minorUnits = z.int().meta({ column: 'Int64', description: 'Minor units, such as cents.' });

export const currency = z.string().length(3).meta({ column: 'LowCardinality(String)' });

export const count = z.int().min(0).meta({ column: 'UInt32' });

export const severityScore = z.number().min(0).max(100);

export const probability = z.number().min(0).max(1);

/** Free attributes by name; a JSON string column. */
export const numbersByName = z.record(z.string(), z.number());
