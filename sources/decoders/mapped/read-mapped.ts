import type { InputMapping, MappedRecord } from '../../../domain/input-mapping.ts';
import { readRecord } from '../canonical/canonical-record.ts';
import type { RecordContext } from '../canonical/checked-record.ts';
import type { DecodedRecords } from '../decoded-records.ts';
import { BadField, type Row } from './read-field.ts';
import { recordOf, type SentRecord } from './row-record.ts';
import { howTimed, zoneOfRow } from './zone-of-row.ts';

/** A row or some rows that belong together, and where they stand. */
export interface Place {
  /** `line 7`, for people. */
  readonly name: string;
  /** What can be mended and played again. */
  readonly bytes: () => Uint8Array;
}

/** How records are made of one document. */
export interface MappedContext extends RecordContext {
  readonly mapping: InputMapping;
  /** Time of what has no column for it. */
  readonly at: number;
}

/** Puts a record, made by `make`, among the others; what does not fit is a failure with its place and bytes. */
export const pushMade = (
  records: DecodedRecords,
  place: Place,
  context: MappedContext,
  make: () => SentRecord,
): void => {
  let made: SentRecord;
  try {
    made = make();
  } catch (error) {
    if (!(error instanceof BadField)) throw error;
    records.fail('validate', 'FW422', `${place.name}: ${error.message}`, place.bytes());
    return;
  }
  made['at'] ??= context.at;
  const { name, version } = context.mapping;
  const result = readRecord(records, made, context, `${name}@${version}`);
  if ('code' in result)
    records.fail('validate', result.code, `${place.name}: ${result.reason}`, place.bytes());
  else records.push(result);
};

/** The record that a mapping makes of rows, with what is laid over it. */
export const pushRows = (
  records: DecodedRecords,
  place: Place,
  context: MappedContext,
  rows: readonly Row[],
  entry: MappedRecord,
  over: Readonly<Record<string, unknown>> = {},
): void =>
  pushMade(records, place, context, () => {
    const first = rows[0] ?? {};
    const zone = zoneOfRow(first, entry, context);
    return { ...howTimed(first, entry, zone), ...recordOf(rows, entry, zone.zone), ...over };
  });
