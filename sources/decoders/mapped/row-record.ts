import type { MappedRecord } from '../../../domain/input-mapping.ts';
import { BadField, readField, type Row, textIn } from './read-field.ts';

/** A record as canonical JSON has it. */
export type SentRecord = Record<string, unknown>;

export const fits = (row: Row, when: MappedRecord['when']): boolean =>
  Object.entries(when).every(([column, values]) => values.includes(textIn(row, column)));

/** Sets a value at `legs.0.carrier`; lists and objects on the way are made. The path has been checked. */
const put = (record: SentRecord, path: readonly string[], value: unknown): void => {
  let at: Record<string, unknown> = record;
  path.forEach((key, index) => {
    if (index === path.length - 1) at[key] = value;
    else {
      at[key] ??= /^\d/.test(path[index + 1] ?? '') ? [] : {};
      at = at[key] as Record<string, unknown>;
    }
  });
};

/** What one row adds to a list of the record: an object by `lines[].sku`, or a value by `lines[]`. */
const addTo = (record: SentRecord, items: ReadonlyMap<string, SentRecord>): void => {
  for (const [name, item] of items) {
    const list = (record[name] ??= []) as unknown[];
    list.push('' in item ? item[''] : item);
  }
};

/**
 * The record that rows make, as if its sender had sent canonical JSON: the first row gives its fields, and each its part of
 * the lists. An empty column sets nothing. Throws BadField for the first thing that does not fit.
 */
export const recordOf = (
  rows: readonly Row[],
  { type, required, fields }: MappedRecord,
  zone: string,
): SentRecord => {
  const record: SentRecord = { type };
  rows.forEach((row, index) => {
    for (const column of required) {
      if (textIn(row, column) === '') throw new BadField(`column ${column}: it is empty, and required`);
    }
    const items = new Map<string, SentRecord>();
    for (const [path, field] of Object.entries(fields)) {
      const list = /^(\w+)\[\](?:\.(.+))?$/.exec(path);
      if (list === null && index > 0) continue;
      const value = readField(row, field, zone);
      if (value === undefined) continue;
      if (list === null) put(record, path.split('.'), value);
      else {
        const [, name = '', inner = ''] = list;
        const item = items.get(name) ?? {};
        put(item, inner.split('.'), value);
        items.set(name, item);
      }
    }
    addTo(record, items);
  });
  return record;
};

/** What makes rows belong together; null where each stands alone. */
export const groupOf = (row: Row, { groupBy }: MappedRecord): string | null =>
  groupBy === undefined ? null : JSON.stringify(groupBy.map((column) => textIn(row, column)));
