import type { ColumnField, InputField } from '../../../domain/input-mapping.ts';
import { endOfLocalDay, utcOf } from '../../../domain/local-time.ts';
import { wallTimeOf } from '../../../domain/local-pattern.ts';

/** A row by its columns: texts of a file, or JSON values of a change feed. */
export type Row = Readonly<Record<string, unknown>>;

/** Why a row cannot be used: the column, what is in it, and the rule. */
export class BadField extends Error {}

export const textIn = (row: Row, column: string): string => {
  const value = Object.hasOwn(row, column) ? row[column] : undefined;
  if (value === undefined || value === null) return '';
  return (
    typeof value === 'object' ? JSON.stringify(value) : String(value as string | number | boolean)
  ).trim();
};

const bad = (column: string, text: string, rule: string): never => {
  throw new BadField(`column ${column}: ${rule} (found ${JSON.stringify(text.slice(0, 80))})`);
};

const numberOf = (text: string, { column, decimal }: ColumnField): number => {
  const plain = decimal === ',' ? text.replaceAll('.', '').replace(',', '.') : text.replaceAll(',', '');
  const value = Number(plain);
  return plain === '' || !Number.isFinite(value) ? bad(column, text, 'it is no number') : value;
};

const EPOCH_MS: Readonly<Record<string, number>> = {
  'epoch-s': 1_000,
  'epoch-ms': 1,
  'epoch-us': 0.001,
  'epoch-days': 86_400_000,
};

/** ISO 8601 with a zone, or without one, then `T` or a space between date and time, or a date alone. */
const ISO =
  /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?)?(Z|[+-]\d{2}:?\d{2})?$/;

const isoOf = (text: string, zone: string): number | null => {
  const found = ISO.exec(text);
  if (found === null) return null;
  const [, year, month, day, hour = '00', minute = '00', second = '00', fraction = '0', offset] = found;
  const wall = wallTimeOf('yyyy-MM-dd HH:mm:ss', `${year}-${month}-${day} ${hour}:${minute}:${second}`);
  if (wall === null) return null;
  const exact = wall + Math.floor(Number(`0.${fraction}`) * 1_000);
  if (offset === undefined) return utcOf(exact, zone);
  if (offset === 'Z') return exact;
  const ahead = Number(offset.slice(1, 3)) * 60 + Number(offset.slice(-2));
  return exact + (offset.startsWith('-') ? ahead : -ahead) * 60_000;
};

/** UTC of what a column says, in milliseconds. A day is its last millisecond in its zone. */
const timeOf = (text: string, field: ColumnField, zone: string): number => {
  const { column, as, format = 'iso' } = field;
  const unit = EPOCH_MS[format];
  if (unit !== undefined) {
    const at = Math.round(numberOf(text, { ...field, decimal: '.' }) * unit);
    if (Math.abs(at) > 8.64e15) return bad(column, text, 'it is no time');
    return as === 'day' ? endOfLocalDay(at - (at % 86_400_000), zone) : at;
  }
  if (as === 'day') {
    const wall = format === 'iso' ? wallTimeOf('yyyy-MM-dd', text.slice(0, 10)) : wallTimeOf(format, text);
    return wall === null
      ? bad(column, text, `it is no date as ${format} has it`)
      : endOfLocalDay(Math.floor(wall / 86_400_000) * 86_400_000, zone);
  }
  if (format === 'iso') return isoOf(text, zone) ?? bad(column, text, 'it is no time as ISO 8601 has it');
  const wall = wallTimeOf(format, text);
  return wall === null ? bad(column, text, `it is no time as ${format} has it`) : utcOf(wall, zone);
};

const TRUE = new Set(['true', 'yes', 'y', '1', 'x', 't']);
const FALSE = new Set(['false', 'no', 'n', '0', 'f']);

const flagOf = (text: string, column: string): boolean => {
  const low = text.toLowerCase();
  if (TRUE.has(low)) return true;
  return FALSE.has(low) ? false : bad(column, text, 'it is neither yes nor no');
};

const mapped = (text: string, map: NonNullable<ColumnField['map']>, column: string): unknown => {
  if (Object.hasOwn(map, text)) return map[text];
  if (Object.hasOwn(map, '*')) return map['*'];
  return bad(column, text, `it is none of ${Object.keys(map).join(', ')}`);
};

const valueOf = (text: string, field: ColumnField, zone: string): unknown => {
  const { column, as, map } = field;
  if (as === 'list')
    return text
      .split(field.separator)
      .map((one) => one.trim())
      .filter((one) => one !== '')
      .map((one) => (map === undefined ? one : mapped(one, map, column)));
  if (map !== undefined) return mapped(text, map, column);
  switch (as) {
    case 'text':
      return text;
    case 'number':
      return numberOf(text, field);
    case 'money':
      return Math.round(numberOf(text, field) * 10 ** field.decimals);
    case 'flag':
      return flagOf(text, column);
    case 'time':
    case 'day':
      return timeOf(text, field, field.zone ?? zone);
  }
};

/**
 * What a field of a mapping says of a row; undefined where the column is empty, so that the record's own default holds.
 * Throws BadField for what does not fit.
 */
export const readField = (row: Row, field: InputField, zone: string): unknown => {
  if (typeof field === 'string') {
    const text = textIn(row, field);
    return text === '' ? undefined : text;
  }
  if ('value' in field) return field.value;
  const text = textIn(row, field.column);
  return text === '' ? field.otherwise : valueOf(text, field, zone);
};
