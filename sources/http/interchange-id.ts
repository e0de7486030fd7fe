import { createHash } from 'node:crypto';
import { readEnvelope } from '../decoders/edifact/envelope.ts';

/** Bytes of an ISA segment with its terminator; its elements have fixed widths (ASC X12.5). */
const ISA_BYTES = 106;

/**
 * The sender's own id of an X12 document, read from its ISA: sender (ISA05, ISA06), date and time (ISA09, ISA10) and
 * control number (ISA13), as in `isa:02:CPC:191103:1800:000001644:9f86d081`. The digest of the bytes at its end keeps
 * apart what a sender numbered alike by mistake, and two files of several interchanges that begin with the same
 * one: a re-sent document is the same in both. Undefined where the document begins with neither a whole ISA nor a UNB.
 */
export const interchangeId = (bytes: Uint8Array): string | undefined => {
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, 2 * ISA_BYTES)).toString(
    'latin1',
  );
  const isa = /^\s*(?:\u00EF\u00BB\u00BF)?\s*ISA([^A-Za-z0-9\s])/.exec(head);
  if (isa === null) return unbId(bytes);
  // A header that was wrapped has its line breaks wherever a line was full.
  const elements = head.replaceAll(/[\r\n]/g, '').split(isa[1]!, 17);
  if (elements.length < 17) return undefined;
  const [qualifier, sender, date, time, control] = [5, 6, 9, 10, 13].map((n) => elements[n]!.trim());
  if (!/^\d{6}$/.test(date!) || !/^\d{4}$/.test(time!) || !/^\d{1,9}$/.test(control!) || sender === '')
    return undefined;
  return ['isa', qualifier, sender, date, time, control, digestOf(bytes)].join(':');
};

/** Bytes in which UNA, UNB and the UNH of the first message stand. */
const UNB_BYTES = 1_024;

/** Likewise of an EDIFACT interchange, from its UNB: `unb:ZZ:KLINE:250602:0800:4711:9f86d081`. */
const unbId = (bytes: Uint8Array): string | undefined => {
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, UNB_BYTES)).toString(
    'latin1',
  );
  if (!/^\s*(?:\u00EF\u00BB\u00BF)?UN[AB]/i.test(head)) return undefined;
  const first = readEnvelope(head).parts.find((part) => part.kind === 'message');
  if (first?.interchange === null || first === undefined) return undefined;
  const { sender, date, time, reference } = first.interchange;
  if (sender.id === '' || reference === '' || !/^(?:\d{6}|\d{8})$/.test(date)) return undefined;
  return ['unb', sender.qualifier, sender.id, date, time, reference, digestOf(bytes)].join(':');
};

const digestOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex').slice(0, 16);
