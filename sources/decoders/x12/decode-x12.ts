import type { Acknowledgement } from '../../../domain/acknowledgement.ts';
import type { EdiParty } from '../../../domain/edi-interchange.ts';
import { stableId } from '../../../domain/stable-id.ts';
import type { Decode, Decoded, DecoderSettings } from '../decoder.ts';
import { DecodedRecords } from '../decoded-records.ts';
import { tellFindings } from '../envelope-findings.ts';
import { readEnvelope } from './envelope.ts';
import { readAcknowledgement } from './functional-acknowledgement.ts';
import { saidAt, type TransactionContext } from './transaction-context.ts';
import { notTaken, readerOfSet } from './transaction-sets.ts';

/**
 * X12 interchanges: what each transaction set says about shipments becomes events, plans and allocations, each 997 or 999
 * what it says about ours, and all else is a failure with the bytes of its transaction. One bad transaction costs no
 * other. What we have sent ourselves and somebody sends back is an echo.
 */
export const decodeX12: Decode = (document, settings): readonly Decoded[] => {
  const { bytes } = document;
  const records = new DecodedRecords(document, 'x12/1');
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
  const partner = settings.partners[document.source] ?? {};
  const { parts, findings } = readEnvelope(text);
  for (const part of parts) {
    if (part.kind === 'acknowledgement') records.nothing('acknowledgement');
    else if (part.kind === 'stray')
      records.fail('decode', 'FW401', part.reason, bytes.subarray(part.start, part.end));
    else {
      const own = bytes.subarray(part.start, part.end);
      decodeTransaction({ records, transaction: part, bytes: own, document, settings, partner });
    }
  }
  if (records.list.length === 0)
    records.fail('decode', 'FW401', 'the interchange holds no transaction', bytes);
  tellFindings(records, document, 'x12', findings);
  return records.list;
};

const decodeTransaction = (from: TransactionContext): void => {
  const { records, transaction, bytes, settings } = from;
  const { set, problem, sender } = transaction;
  const acknowledges = set === '997' || set === '999';
  const reader = readerOfSet(set);
  if (sender !== null && isOwn(sender, settings)) records.nothing('echo');
  else if (reader === undefined && !acknowledges) records.fail('decode', 'FW405', notTaken(set), bytes);
  else if (problem !== null) records.fail('decode', 'FW401', `transaction set ${set}: ${problem}`, bytes);
  else if (reader === undefined) decodeAcknowledgement(from);
  else reader(from);
};

const isOwn = (sender: EdiParty, { own = [] }: DecoderSettings): boolean =>
  own.some(({ qualifier, id }) => qualifier === sender.qualifier && id === sender.id);

const unnamed: EdiParty = { qualifier: '', id: '' };

/** A row for each set that is named and one for the group; said at the group's date and time in the partner's zone. */
const decodeAcknowledgement = (from: TransactionContext): void => {
  const { records, transaction, document, bytes } = from;
  const { set, control, sender, receiver } = transaction;
  const content = readAcknowledgement(transaction.segments, transaction.element);
  if ('broken' in content) {
    records.fail('decode', 'FW401', `transaction set ${set}: ${content.broken}`, bytes);
    return;
  }
  const by = sender ?? unnamed;
  for (const row of content.rows) {
    const value: Acknowledgement = {
      id: stableId(
        'acknowledgement',
        by.id,
        document.documentId,
        control,
        content.groupControl,
        row.setControl,
      ),
      at: saidAt(from),
      heardAt: document.heardAt,
      source: records.provenance(null),
      standard: set === '997' ? '997' : '999',
      sender: by,
      receiver: receiver ?? unnamed,
      functionalGroup: content.functionalGroup || 'none',
      groupControl: content.groupControl,
      ...row,
    };
    records.push({ type: 'acknowledgement', value });
  }
};
