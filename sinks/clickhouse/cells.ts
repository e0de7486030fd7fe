/** What a cell is before it becomes JSON for ClickHouse. */
export type Cell = string | number | boolean | null | readonly Cell[];

/** Throws a `TypeError` in words where the value does not fit; ClickHouse itself would wrap or default some of them. */
export type Encode = (value: unknown) => Cell;

/** How a value is written into a column of this type; `json` columns hold the value's JSON text. */
export const cellEncoder = (type: string, json = false): Encode => {
  const inner = /^(LowCardinality|Nullable|Array)\((.*)\)$/.exec(type);
  if (inner?.[2] !== undefined) {
    const encode = cellEncoder(inner[2], json);
    if (inner[1] === 'LowCardinality') return encode;
    if (inner[1] === 'Array') return list(encode);
    return (value) => (value === null || value === undefined || Number.isNaN(value) ? null : encode(value));
  }
  if (json) return jsonText;
  if (type.startsWith('DateTime64')) return instant;
  if (type === 'String') return text;
  if (type === 'Bool') return flag;
  if (type.startsWith('Float')) return decimal;
  const integer = integerRanges[type];
  if (integer !== undefined) return whole(type, integer);
  throw new TypeError(`column type ${type} has no encoder`);
};

const shown = (value: unknown): string => {
  const said = JSON.stringify(value) ?? 'nothing';
  return said.length > 60 ? `${said.slice(0, 60)}…` : said;
};
const misfit = (value: unknown, wanted: string): never => {
  throw new TypeError(`${wanted} expected, got ${typeof value === 'number' ? String(value) : shown(value)}`);
};

const text: Encode = (value) => (typeof value === 'string' ? value : misfit(value, 'text'));
const flag: Encode = (value) => (typeof value === 'boolean' ? value : misfit(value, 'true or false'));
const jsonText: Encode = (value) => JSON.stringify(value) ?? misfit(value, 'a value');

/** JSON has no negative zero, so there is none in a table either: it would only make equal rows differ. */
const decimal: Encode = (value) =>
  typeof value === 'number' && Number.isFinite(value) ? value + 0 : misfit(value, 'a finite number');

const list =
  (encode: Encode): Encode =>
  (value) => {
    if (value === null || value === undefined) return [];
    return Array.isArray(value) ? value.map(encode) : misfit(value, 'a list');
  };

/** ClickHouse writes 4294967297 into a UInt32 as 1 without a word; hence the ranges. */
const integerRanges: Readonly<Record<string, readonly [number, number]>> = {
  UInt8: [0, 2 ** 8 - 1],
  UInt16: [0, 2 ** 16 - 1],
  UInt32: [0, 2 ** 32 - 1],
  UInt64: [0, Number.MAX_SAFE_INTEGER],
  Int8: [-(2 ** 7), 2 ** 7 - 1],
  Int16: [-(2 ** 15), 2 ** 15 - 1],
  Int32: [-(2 ** 31), 2 ** 31 - 1],
  Int64: [Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER],
};
const whole =
  (type: string, [least, most]: readonly [number, number]): Encode =>
  (value) =>
    typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most
      ? value + 0
      : misfit(value, `a whole number that fits ${type}`);

/** The days that a DateTime64 can hold. */
const EARLIEST = Date.UTC(1900, 0, 1);
const LATEST = Date.UTC(2300, 0, 1) - 1;

/** 1700000000123.7 → '2023-11-14 22:13:20.123': log time has fractions of a millisecond, tables do not. */
const instant: Encode = (value) => {
  const at = Math.floor(
    typeof value === 'string' ? Date.parse(value) : typeof value === 'number' ? value : NaN,
  );
  if (!(at >= EARLIEST && at <= LATEST)) return misfit(value, 'an instant between 1900 and 2299');
  return new Date(at).toISOString().slice(0, 23).replace('T', ' ');
};
