import { decode } from '../../sources/decoders/decode.ts';
import type { DecoderSettings } from '../../sources/decoders/decoder.ts';
import type { Document } from '../../sources/http/document.ts';
import type { RecordVerdict } from '../../sources/http/ingest.ts';
import { ForewarnError } from '../forewarn-error.ts';
import type { LineLog } from '../log/log.ts';
import type { Metrics } from '../metrics/metrics.ts';

/** The log as the ingest sees it: full when too much waits to be read, and timed. */
export const lineWithLimit = (
  log: LineLog,
  lag: () => number,
  limit: number,
  metrics: Metrics,
): Pick<LineLog, 'append'> => ({
  append: async (topic, record, options) => {
    const waiting = lag();
    if (waiting > limit) {
      throw new ForewarnError('FW310', `${waiting} documents wait to be read; send again later`);
    }
    const begun = performance.now();
    const appended = await log.append(topic, record, options);
    metrics.logAppendTook((performance.now() - begun) / 1_000);
    return appended;
  },
});

/** What decoding would make of a document, for `?validate=true`. */
export const verdictsOf = (
  document: Document,
  heardAt: number,
  decoding: DecoderSettings,
): readonly RecordVerdict[] =>
  decode({ ...document, documentId: document.documentId ?? '', heardAt }, decoding).map((part) => {
    const { position, type } = part;
    if (part.type === 'failure') return { position, ok: false, type, code: part.code, reason: part.reason };
    return part.type === 'nothing'
      ? { position, ok: true, type }
      : { position, ok: true, type, id: part.value.id };
  });
