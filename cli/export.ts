import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import type { TrackingEvent } from '../domain/tracking-event.ts';
import { ForewarnError } from '../runtime/forewarn-error.ts';
import { dcsaEvents } from '../sinks/export/dcsa-events.ts';
import { epcisDocument } from '../sinks/export/epcis-document.ts';
import { contentTypeOfFile } from '../sources/decoders/content-type.ts';
import { decode } from '../sources/decoders/decode.ts';
import { configFrom, type ConfigOptions } from './config-options.ts';
import { decodingOf } from './definitions.ts';

export interface ExportOptions extends ConfigOptions {
  readonly format: 'dcsa' | 'epcis';
  /** Partner whose settings apply. */
  readonly source?: string;
}

/**
 * `forewarn export`: the tracking events of a document in any format that we read, in one that others read. What the other
 * format has no word for, and what could not be read, is counted on the error output; a document with neither is said to
 * have no events.
 */
export const exportCommand = (file: string, options: ExportOptions): void => {
  const config = configFrom(options);
  const heardAt = Date.now();
  const bytes = readDocument(file);
  const decoded = decode(
    {
      source: options.source ?? 'export',
      documentId: basename(file),
      contentType: contentTypeOfFile(file, bytes) ?? '',
      heardAt,
      bytes,
    },
    decodingOf(config),
  );
  const events = decoded.flatMap((one): readonly TrackingEvent[] =>
    one.type === 'tracking' ? [one.value] : [],
  );
  const failures = decoded.flatMap((one) => (one.type === 'failure' ? [one.reason] : []));
  const { told, leftOut } = toldAs(options.format, events, heardAt);
  console.log(JSON.stringify(told, null, 2));
  if (leftOut > 0) console.error(`left out: ${leftOut} events that ${options.format} has no word for`);
  for (const reason of failures) console.error(`not read: ${reason}`);
};

const toldAs = (
  format: ExportOptions['format'],
  events: readonly TrackingEvent[],
  createdAt: number,
): { readonly told: object; readonly leftOut: number } => {
  if (format === 'dcsa') {
    const { events: told, leftOut } = dcsaEvents(events);
    return { told: { events: told }, leftOut };
  }
  const { document, leftOut } = epcisDocument(events, createdAt);
  return { told: document, leftOut };
};

const readDocument = (file: string): Uint8Array => {
  try {
    return readFileSync(file);
  } catch (cause) {
    throw new ForewarnError('FW407', `${file} is not there, or may not be read; give a document to export`, {
      cause,
    });
  }
};
