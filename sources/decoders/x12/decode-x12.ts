import type { Acknowledgement } from '../../../domain/acknowledgement.ts';
import type { EdiParty } from '../../../domain/edi-interchange.ts';
import { stableId } from '../../../domain/stable-id.ts';
import type { Decode, Decoded, DecoderSettings, PartnerSettings, RawDocument } from '../decoder.ts';
import { DecodedRecords } from '../decoded-records.ts';
import { readEnvelope, type Transaction } from './envelope.ts';
import { readAcknowledgement } from './functional-acknowledgement.ts';
import { readShipmentStatus } from './shipment-status-214.ts';
import { StatusEvents } from './status-events.ts';
import { readX12Time, utcOfX12 } from './time-codes.ts';

/**
 * X12 interchanges: each transaction set 214 becomes tracking events, each 997 or 999 what it says about ours, and all
 * else is a failure with the bytes of its transaction. One bad transaction costs no other. What we have sent ourselves
 * and somebody sends back is an echo.
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
  const { set, problem, sender } = transaction;
  const bytes = document.bytes.subarray(transaction.start, transaction.end);
  const acknowledges = set === '997' || set === '999';
  if (sender !== null && isOwn(sender, settings)) records.nothing('echo');
  else if (set !== '214' && !acknowledges) {
    records.fail('decode', 'FW405', `transaction set ${set} is not taken yet`, bytes);
  } else if (problem !== null) {
    records.fail('decode', 'FW401', `transaction set ${set}: ${problem}`, bytes);
  } else if (acknowledges) {
    decodeAcknowledgement(records, transaction, document, settings, partner);
  } else {
    const content = readShipmentStatus(transaction.segments, transaction.element);
    if ('broken' in content) records.fail('decode', 'FW401', `transaction set 214: ${content.broken}`, bytes);
    else new StatusEvents({ records, transaction, content, bytes, document, settings, partner }).emit();
  }
};

const isOwn = (sender: EdiParty, { own = [] }: DecoderSettings): boolean =>
  own.some(({ qualifier, id }) => qualifier === sender.qualifier && id === sender.id);

const unnamed: EdiParty = { qualifier: '', id: '' };

/** A row for each set that is named and one for the group; said at the group's date and time in the partner's zone. */
const decodeAcknowledgement = (
  records: DecodedRecords,
  transaction: Transaction,
  document: RawDocument,
  settings: DecoderSettings,
  partner: PartnerSettings,
): void => {
  const { set, control, groupDate, groupTime, sender, receiver } = transaction;
  const bytes = document.bytes.subarray(transaction.start, transaction.end);
  const content = readAcknowledgement(transaction.segments, transaction.element);
  if ('broken' in content) {
    records.fail('decode', 'FW401', `transaction set ${set}: ${content.broken}`, bytes);
    return;
  }
  const { heardAt } = document;
  const said = readX12Time(groupDate, groupTime);
  const at =
    said === null ? heardAt : Math.min(utcOfX12(said, partner.zone ?? settings.defaultZone), heardAt);
  const from = sender ?? unnamed;
  for (const row of content.rows) {
    const value: Acknowledgement = {
      id: stableId(
        'acknowledgement',
        from.id,
        document.documentId,
        control,
        content.groupControl,
        row.setControl,
      ),
      at,
      heardAt,
      source: records.provenance(null),
      standard: set === '997' ? '997' : '999',
      sender: from,
      receiver: receiver ?? unnamed,
      functionalGroup: content.functionalGroup || 'none',
      groupControl: content.groupControl,
      ...row,
    };
    records.push({ type: 'acknowledgement', value });
  }
};
