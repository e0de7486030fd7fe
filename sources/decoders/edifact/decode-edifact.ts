import type { Decode, Decoded, DecoderSettings, RawDocument } from '../decoder.ts';
import { DecodedRecords } from '../decoded-records.ts';
import { tellFindings } from '../envelope-findings.ts';
import { textReader, type TextReader } from './charset.ts';
import type { Message } from './envelope-parts.ts';
import { eachPart } from './envelope.ts';
import { decodeIftsta } from './iftsta-events.ts';
import { readIftsta } from './iftsta-report.ts';
import type { MessageContext } from './message-context.ts';
import { energyMarket, isAcknowledgement, notTaken } from './message-types.ts';
import { Segment } from './segment.ts';

/**
 * EDIFACT interchanges: what each IFTSTA says about shipments becomes events, CONTRL and APERAK are accounted for as
 * acknowledgements, and all else is a failure with the bytes of its message. One bad message costs no other. A test
 * interchange says nothing; what we have sent ourselves and somebody sends back is an echo.
 */
export const decodeEdifact: Decode = (document, settings): readonly Decoded[] => {
  const records = new DecodedRecords(document, 'edifact/1');
  decodeParts(records, document, settings, () => {});
  return records.list;
};

/** Tells of each message where in the records begins what it became; text that belongs to none, and what is odd about the file, is only recorded. */
export const decodeParts = (
  records: DecodedRecords,
  document: RawDocument,
  settings: DecoderSettings,
  became: (message: Message, from: number) => void,
): void => {
  const { bytes, source } = document;
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
  const partner = settings.partners[source] ?? {};
  const readers = new Map<string, TextReader>();
  const findings = eachPart(text, (part) => {
    const own = bytes.subarray(part.start, part.end);
    if (part.kind === 'stray') {
      records.fail('decode', 'FW401', part.reason, own);
      return;
    }
    const syntax = part.interchange?.syntax ?? '';
    const read = readers.get(syntax) ?? textReader(syntax);
    readers.set(syntax, read);
    const from = records.list.length;
    decodeMessage({ records, message: part, bytes: own, read, document, settings, partner });
    became(part, from);
  });
  if (records.list.length === 0) records.fail('decode', 'FW401', 'the interchange holds no message', bytes);
  tellFindings(records, document, 'edifact', findings);
};

const decodeMessage = (from: MessageContext): void => {
  const { records, message, bytes, settings } = from;
  const { type, reference, problem } = message;
  const fail = (code: 'FW401' | 'FW405', reason: string): void => records.fail('decode', code, reason, bytes);
  if (isOwn(message, settings)) records.nothing('echo');
  else if (problem !== null) fail('FW401', `${type} ${reference}: ${problem}`);
  else if (isAcknowledgement(type)) records.nothing('acknowledgement');
  else if (type !== 'IFTSTA') fail('FW405', notTaken(type));
  else {
    const report = readIftsta(segmentsOf(from));
    const energy = energyMarket(message, report.partyAgencies);
    if (energy !== null) fail('FW405', energy);
    else if (message.interchange?.isTest === true) records.nothing('test');
    else decodeIftsta(from, report);
  }
};

const segmentsOf = ({ message, read }: MessageContext): Segment[] =>
  message.segments.map((raw) => new Segment(raw, message.characters, read));

const isOwn = ({ interchange }: Message, { own = [] }: DecoderSettings): boolean =>
  interchange !== null &&
  own.some(({ qualifier, id }) => qualifier === interchange.sender.qualifier && id === interchange.sender.id);
