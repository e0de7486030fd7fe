import type { InputMapping, InputTable } from '../../../domain/input-mapping.ts';
import { bareJson, jsonOf, parseJson } from '../bare-json.ts';
import { DecodedRecords } from '../decoded-records.ts';
import type { Decode, Decoded, DecoderSettings, RawDocument } from '../decoder.ts';
import { arraySlices } from '../json-slices.ts';
import { isEcho, isState } from '../mapped/is-echo.ts';
import { type MappedContext, type Place, pushMade, pushRows } from '../mapped/read-mapped.ts';
import { zoneOfSender } from '../mapped/zone-of-row.ts';
import { fits } from '../mapped/row-record.ts';
import { readEnvelope, type RowChange } from './envelope.ts';
import { comparesRows, peopleChanges } from './people-changes.ts';

const LINE_FEED = 10;

/** A table without a name stands for any. */
const tableOf = ({ tables }: InputMapping, { table, longName }: RowChange): InputTable | undefined =>
  tables.find((one) => one.table === longName || one.table === table) ??
  tables.find((one) => one.table === undefined);

/** Everything that one change of one row says. */
const decodeChange = (
  records: DecodedRecords,
  change: RowChange,
  place: Place,
  context: MappedContext,
): void => {
  const { mapping } = context;
  const { op, table, longName } = change;
  if (op === 't' || op === 'm') return records.nothing('ignored');
  if (mapping.ignored.includes(table) || (longName !== null && mapping.ignored.includes(longName)))
    return records.nothing('ignored');
  const found = tableOf(mapping, change);
  const fail = (code: 'FW421' | 'FW422', reason: string): void =>
    records.fail('validate', code, `${place.name}: ${reason}`, place.bytes());
  if (found === undefined)
    return fail(
      'FW421',
      `rules/inputs/${mapping.name}.yaml says nothing of table "${longName ?? table}"; map it, or name it under ignored`,
    );
  const row = op === 'd' ? change.before : change.after;
  if (row === null) return fail('FW422', `op ${op} has no row in ${op === 'd' ? 'before' : 'after'}`);
  if (op === 'u' && change.before === null && comparesRows(found))
    return fail('FW422', 'before is empty; let the database log whole rows (REPLICA IDENTITY FULL)');
  const begun = records.list.length;
  const echo = isEcho(row, mapping);
  for (const entry of found.records) {
    if (!fits(row, entry.when) || (echo && !isState(entry.type))) continue;
    if (op !== 'd') pushRows(records, place, context, [row], entry);
    else if (entry.onDelete !== undefined) pushRows(records, place, context, [row], entry, entry.onDelete);
  }
  if (!echo)
    for (const make of peopleChanges(found, change, zoneOfSender(context).zone))
      pushMade(records, place, context, make);
  if (records.list.length === begun) records.nothing(echo ? 'echo' : 'ignored');
};

/** One value of a feed, whatever it is. */
const decodeValue = (
  records: DecodedRecords,
  value: unknown,
  place: Place,
  document: RawDocument,
  settings: DecoderSettings,
): void => {
  const change = readEnvelope(value);
  if (change === 'heartbeat') return records.nothing('heartbeat');
  if ('wrong' in change)
    return records.fail('validate', 'FW402', `${place.name}: ${change.wrong}`, place.bytes());
  const mapping = settings.inputs?.get(document.source);
  if (mapping === undefined) {
    const reason = `no file of rules/inputs reads source "${document.source}"; add one that says what its tables are`;
    return records.fail('decode', 'FW421', reason, place.bytes());
  }
  decodeChange(records, change, place, { document, settings, mapping, at: change.at ?? document.heardAt });
};

/**
 * A change feed in Debezium's envelope, with its schema or bare: one event, an array of them, or one a line. A row becomes
 * the records of its table's mapping; what people changed in it becomes decisions of theirs.
 */
export const decodeDebezium: Decode = (document, settings): readonly Decoded[] => {
  const records = new DecodedRecords(document, 'debezium/1');
  const bytes = bareJson(document.bytes);
  const whole = jsonOf(document);
  if (!('broken' in whole)) {
    if (!Array.isArray(whole.value)) {
      decodeValue(records, whole.value, { name: 'event', bytes: () => document.bytes }, document, settings);
      return records.list;
    }
    let slices: Uint8Array[] | null = null;
    const values: readonly unknown[] = whole.value;
    values.forEach((value, index) => {
      const own = (): Uint8Array => {
        slices ??= arraySlices(bytes, null);
        return slices[index] ?? document.bytes;
      };
      decodeValue(records, value, { name: `event ${index}`, bytes: own }, document, settings);
    });
  } else {
    let start = 0;
    for (let number = 1; start < bytes.length; number += 1) {
      const found = bytes.indexOf(LINE_FEED, start);
      const end = found === -1 ? bytes.length : found;
      const line = bytes.subarray(start, end);
      start = end + 1;
      if (line.every((byte) => byte <= 32)) continue;
      const place = { name: `line ${number}`, bytes: () => line };
      const parsed = parseJson(line);
      if ('broken' in parsed) records.fail('decode', 'FW401', `${place.name}: ${parsed.broken}`, line);
      else decodeValue(records, parsed.value, place, document, settings);
    }
  }
  if (records.list.length === 0) records.nothing('heartbeat');
  return records.list;
};
