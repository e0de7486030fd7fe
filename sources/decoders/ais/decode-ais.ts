import { stableId } from '../../../domain/stable-id.ts';
import { DecodedRecords } from '../decoded-records.ts';
import type { Decode, Decoded, DecoderSettings, RawDocument } from '../decoder.ts';
import { futureReason, timeOfEvent } from '../event-time.ts';
import { readSentence, type Sentence } from './sentence.ts';
import { SixBits } from './six-bits.ts';
import { vesselReport } from './vessel-report.ts';

/** A message of several parts of which not all have come yet. */
interface Open {
  readonly parts: (Sentence | undefined)[];
  readonly lines: string[];
}

/**
 * A batch of AIS sentences. A message happened when its tag block says that it was received; where it has none, when the
 * document was heard, for a transponder says no more than the second. Parts of one message must come in one document: what
 * is incomplete at its end is a failure. Messages of other types are accounted for, and tell nothing of port calls.
 */
export const decodeAis: Decode = (document, settings): readonly Decoded[] => {
  const records = new DecodedRecords(document, 'ais/1');
  const open = new Map<string, Open>();
  const fail = (reason: string, lines: readonly string[]): void =>
    records.fail('decode', 'FW401', `AIS: ${reason}`, Buffer.from(lines.join('\n'), 'latin1'));
  const giveUp = (key: string, { parts, lines }: Open): void => {
    open.delete(key);
    fail(`${parts.filter((part) => part !== undefined).length} of ${parts.length} parts came`, lines);
  };
  const text = Buffer.from(document.bytes).toString('latin1');
  for (const line of text.split(/\r\n|\r|\n/)) {
    const trimmed = line.trim();
    if (trimmed === '') continue;
    const sentence = readSentence(trimmed);
    if (typeof sentence === 'string') {
      fail(sentence, [trimmed]);
      continue;
    }
    if (sentence.parts === 1) {
      readMessage(records, [sentence], [trimmed], { document, settings, fail });
      continue;
    }
    const key = `${sentence.parts}/${sentence.sequence}`;
    let message = open.get(key);
    // The sequence number counts to 9 and begins anew: a part that is there already belongs to another message.
    if (message?.parts[sentence.part - 1] !== undefined) {
      giveUp(key, message);
      message = undefined;
    }
    message ??= { parts: Array.from({ length: sentence.parts }), lines: [] };
    message.parts[sentence.part - 1] = sentence;
    message.lines.push(trimmed);
    const parts = message.parts.filter((part) => part !== undefined);
    if (parts.length < sentence.parts) open.set(key, message);
    else {
      open.delete(key);
      readMessage(records, parts, message.lines, { document, settings, fail });
    }
  }
  for (const [key, message] of open) giveUp(key, message);
  if (records.list.length === 0) records.nothing('heartbeat');
  return records.list;
};

interface Reading {
  readonly document: RawDocument;
  readonly settings: DecoderSettings;
  readonly fail: (reason: string, lines: readonly string[]) => void;
}

const readMessage = (
  records: DecodedRecords,
  parts: readonly Sentence[],
  lines: readonly string[],
  { document, settings, fail }: Reading,
): void => {
  const payload = parts.map((part) => part.payload).join('');
  // A receiver that heard noise hands on a sentence without a payload.
  if (payload === '') return records.nothing('heartbeat');
  const bits = SixBits.of(payload, parts.at(-1)?.fillBits ?? 0);
  if (bits === null) return fail('its payload has characters that are none of the armour', lines);
  const report = vesselReport(bits);
  if (report === null) return records.nothing('unrelated');
  if (typeof report === 'string') return fail(report, lines);
  const { heardAt } = document;
  const at = parts[0]?.receivedAt ?? heardAt;
  if (timeOfEvent(at, 'instant', heardAt, settings.maxFutureMs) === null)
    return fail(futureReason(at, heardAt, settings.maxFutureMs), lines);
  records.push({
    type: 'vessel',
    value: {
      id: stableId('vessel', report.mmsi, at, payload),
      at,
      heardAt,
      source: records.provenance(null),
      ...report,
    },
  });
};
