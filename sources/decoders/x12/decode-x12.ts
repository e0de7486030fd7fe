import type { Decode, Decoded, DecoderSettings, PartnerSettings, RawDocument } from '../decoder.ts';
import { DecodedRecords } from '../decoded-records.ts';
import { readEnvelope, type Transaction } from './envelope.ts';
import { readShipmentStatus } from './shipment-status-214.ts';
import { StatusEvents } from './status-events.ts';

/**
 * X12 interchanges: each transaction set 214 becomes tracking events, each acknowledgement is accounted for, and all
 * else is a failure with the bytes of its transaction. One bad transaction costs no other.
 */
export const decodeX12: Decode = (document, settings): readonly Decoded[] => {
  const { bytes } = document;
  const records = new DecodedRecords(document, 'x12/1');
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
  const partner = settings.partners[document.source] ?? {};
  for (const part of readEnvelope(text).parts) {
    if (part.kind === 'acknowledgement') records.nothing('acknowledgement');
    else if (part.kind === 'stray')
      records.fail('decode', 'FW401', part.reason, bytes.subarray(part.start, part.end));
    else decodeTransaction(records, part, document, settings, partner);
  }
  if (records.list.length === 0)
    records.fail('decode', 'FW401', 'the interchange holds no transaction', bytes);
  return records.list;
};

const decodeTransaction = (
  records: DecodedRecords,
  transaction: Transaction,
  document: RawDocument,
  settings: DecoderSettings,
  partner: PartnerSettings,
): void => {
  const { set, problem } = transaction;
  const bytes = document.bytes.subarray(transaction.start, transaction.end);
  const acknowledges = set === '997' || set === '999';
  if (set !== '214' && !acknowledges) {
    records.fail('decode', 'FW405', `transaction set ${set} is not taken yet`, bytes);
  } else if (problem !== null) {
    records.fail('decode', 'FW401', `transaction set ${set}: ${problem}`, bytes);
  } else if (acknowledges) {
    records.nothing('acknowledgement');
  } else {
    const content = readShipmentStatus(transaction.segments, transaction.element);
    if ('broken' in content) records.fail('decode', 'FW401', `transaction set 214: ${content.broken}`, bytes);
    else new StatusEvents({ records, transaction, content, bytes, document, settings, partner }).emit();
  }
};
