import type { DecodedRecords } from '../decoded-records.ts';
import type { DecoderSettings, PartnerSettings, RawDocument } from '../decoder.ts';
import type { Transaction } from './envelope-parts.ts';
import { readX12Time, utcOfX12 } from './time-codes.ts';

/** All that one transaction set is read with. */
export interface TransactionContext {
  readonly records: DecodedRecords;
  readonly transaction: Transaction;
  /** Those of the whole transaction. */
  readonly bytes: Uint8Array;
  readonly document: RawDocument;
  readonly settings: DecoderSettings;
  readonly partner: PartnerSettings;
}

/** When it was said: date and time of the functional group in the partner's zone, never after it was heard. */
export const saidAt = ({ transaction, document, partner, settings }: TransactionContext): number => {
  const read = readX12Time(transaction.groupDate, transaction.groupTime);
  if (read === null) return document.heardAt;
  return Math.min(utcOfX12(read, partner.zone ?? settings.defaultZone), document.heardAt);
};
