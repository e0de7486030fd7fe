import type { z } from 'zod';

/** How a field lies in a batch: a double, a 32-bit integer, true or false, or an id of the column's dictionary. */
export type ColumnKind = 'f64' | 'i32' | 'bool' | 'text';

export interface Column {
  readonly name: string;
  readonly kind: ColumnKind;
  /** May be null; a field that may be missing is null when it is. */
  readonly nullable: boolean;
}

/** The columns of a schema; it needs no object for a row that only passes. */
export interface Layout {
  readonly columns: readonly Column[];
  readonly indexOf: ReadonlyMap<string, number>;
}

interface Definition {
  readonly type: string;
  readonly innerType?: z.ZodType;
  readonly format?: string;
  readonly values?: readonly unknown[];
  readonly checks?: readonly { readonly _zod: { readonly def: { readonly format?: string } } }[];
}

const definitionOf = (schema: z.ZodType): Definition => schema._zod.def as unknown as Definition;

const columnOf = (name: string, schema: z.ZodType, nullable = false): Column | null => {
  const definition = definitionOf(schema);
  switch (definition.type) {
    case 'nullable':
    case 'readonly':
      return columnOf(name, definition.innerType!, nullable || definition.type === 'nullable');
    case 'number': {
      const formats = [definition.format, ...(definition.checks ?? []).map((check) => check._zod.def.format)];
      return { name, kind: formats.includes('int32') ? 'i32' : 'f64', nullable };
    }
    case 'boolean':
      return { name, kind: 'bool', nullable };
    case 'string':
    case 'enum':
      return { name, kind: 'text', nullable };
    case 'literal':
      return definition.values!.every((value) => typeof value === 'string')
        ? { name, kind: 'text', nullable }
        : null;
    default:
      return null;
  }
};

/**
 * Columns for an object of numbers, booleans and strings; null where a field is a list, an object or anything else:
 * such rows stay objects.
 * z.object({ auction: z.int32(), price: z.number(), channel: z.string().nullable() }) → i32, f64, text or null.
 */
export const layoutOf = (schema: z.ZodType | null): Layout | null => {
  if (schema === null || definitionOf(schema).type !== 'object') return null;
  const { shape } = schema as z.ZodObject;
  const columns: Column[] = [];
  for (const [name, field] of Object.entries(shape)) {
    const column = columnOf(name, field as z.ZodType);
    if (column === null) return null;
    columns.push(column);
  }
  if (columns.length === 0) return null;
  return { columns, indexOf: new Map(columns.map(({ name }, index) => [name, index])) };
};
