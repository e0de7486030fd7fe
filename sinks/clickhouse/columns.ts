import { z } from 'zod';
import { ForewarnError } from '../../runtime/forewarn-error.ts';
import { cellEncoder, type Encode } from './cells.ts';

/** One column of a table: the place in the row that it is read from, and how it is written. */
export interface Column {
  readonly name: string;
  readonly type: string;
  readonly comment: string;
  readonly path: readonly string[];
  readonly encode: Encode;
}

/**
 * The columns of a schema. Nested objects are flattened by path (`source.feed` → `source_feed`), arrays of
 * scalars become arrays, what has no fixed fields becomes JSON text, and `column` in a schema's metadata wins.
 */
export const columnsOf = (schema: z.ZodObject): readonly Column[] => {
  const columns = fieldsOf(schema, [], false);
  const names = new Set<string>();
  for (const { name, path } of columns) {
    if (names.has(name))
      throw new ForewarnError(
        'FW504',
        `column "${name}": "${path.join('.')}" and another field come out under this name; rename one of them.`,
      );
    names.add(name);
  }
  return columns;
};

const fieldsOf = (object: z.ZodObject, parents: readonly string[], nullable: boolean): readonly Column[] =>
  Object.entries(object.shape).flatMap(([key, field]) => {
    const path = [...parents, key];
    const { core, column, description, nullable: mayBeNull } = unwrap(field);
    const optional = nullable || mayBeNull;
    if (core instanceof z.ZodObject && column === undefined) return fieldsOf(core, path, optional);
    const json = column === undefined && !isScalar(core) && !isScalarArray(core);
    const type = withNull(column ?? (json ? 'String' : typeOf(core, path)), optional);
    return [
      {
        name: path.map(snakeCase).join('_'),
        type,
        // What is said of an instant is its form in JSON; the column's type says the rest.
        comment: type.includes('DateTime64') ? '' : (description ?? ''),
        path,
        encode: cellEncoder(type, json),
      },
    ];
  });

interface Unwrapped {
  readonly core: z.core.$ZodType;
  readonly column: string | undefined;
  readonly description: string | undefined;
  readonly nullable: boolean;
}

/** Metadata belongs to the very instance it was given to, so every wrapper on the way in is asked; the outermost wins. */
const unwrap = (schema: z.core.$ZodType): Unwrapped => {
  let core = schema;
  let column: string | undefined;
  let description: string | undefined;
  let nullable = false;
  for (;;) {
    const meta = z.globalRegistry.get(core);
    if (typeof meta?.['column'] === 'string') column ??= meta['column'];
    description ??= meta?.description;
    if (core instanceof z.ZodNullable || core instanceof z.ZodOptional) nullable = true;
    if (
      core instanceof z.ZodNullable ||
      core instanceof z.ZodOptional ||
      core instanceof z.ZodDefault ||
      core instanceof z.ZodPrefault ||
      core instanceof z.ZodReadonly
    )
      core = core.def.innerType;
    else return { core, column, description, nullable };
  }
};

const isScalar = (schema: z.core.$ZodType): boolean =>
  schema instanceof z.ZodString ||
  schema instanceof z.ZodStringFormat ||
  schema instanceof z.ZodNumber ||
  schema instanceof z.ZodBoolean ||
  schema instanceof z.ZodEnum;

const isScalarArray = (schema: z.core.$ZodType): schema is z.ZodArray => {
  if (!(schema instanceof z.ZodArray)) return false;
  const { core, column } = unwrap(schema.element);
  return column !== undefined || isScalar(core);
};

const typeOf = (schema: z.core.$ZodType, path: readonly string[]): string => {
  if (schema instanceof z.ZodEnum) return 'LowCardinality(String)';
  if (schema instanceof z.ZodNumber) return schema.isInt ? 'Int64' : 'Float64';
  if (schema instanceof z.ZodBoolean) return 'Bool';
  if (isScalarArray(schema)) {
    const { core, column, nullable } = unwrap(schema.element);
    return `Array(${withNull(column ?? typeOf(core, path), nullable)})`;
  }
  if (schema instanceof z.ZodString || schema instanceof z.ZodStringFormat) return 'String';
  throw new ForewarnError(
    'FW504',
    `field "${path.join('.')}": no column type fits; give it one by .meta({ column }).`,
  );
};

/** ClickHouse has no nullable arrays (they are empty instead), and `LowCardinality` goes outside of `Nullable`. */
const withNull = (type: string, nullable: boolean): string => {
  if (!nullable || type.startsWith('Array(') || type.includes('Nullable(')) return type;
  const low = /^LowCardinality\((.*)\)$/.exec(type)?.[1];
  return low === undefined ? `Nullable(${type})` : `LowCardinality(Nullable(${low}))`;
};

const snakeCase = (name: string): string => name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
