import type { Identifier } from '../../../domain/event.ts';
import { isContainerNumber } from '../container-number.ts';

/** An identifier whose issuer is still to be named; `carrier` is the carrier's own number, PRO or tracking. */
export interface Reference {
  readonly kind: Identifier['kind'] | 'carrier';
  readonly value: string;
  /** Who gave it, where that is not the carrier of the message. */
  readonly issuer?: string;
}

/**
 * X12 element 128, the qualifiers that name a shipment. Others (stop numbers, appointment numbers, seals, a carrier's own
 * event codes) name something else and are left in the document.
 */
const kinds: Readonly<Record<string, Identifier['kind']>> = {
  BM: 'bol',
  BL: 'bol',
  MB: 'master_bill',
  BN: 'booking',
  PO: 'po',
  CN: 'pro',
  WY: 'pro',
  '2I': 'tracking',
  '97': 'shipper_reference',
  SI: 'shipper_reference',
  CR: 'shipper_reference',
  DO: 'shipper_reference',
  OC: 'container',
  LO: 'tms',
};

/** A reference by its qualifier: `EQ` is a container only where it looks like one. Null for one that names no shipment. */
export const referenceOf = (qualifier: string, value: string): Reference | null => {
  if (value === '') return null;
  if (qualifier === 'EQ') return { kind: isContainerNumber(value) ? 'container' : 'equipment', value };
  const kind = kinds[qualifier];
  return kind === undefined ? null : { kind, value };
};

/**
 * Equipment by its initial, number and check digit: `GMCU`, `609413`, `7` → container GMCU6094137; `JBHU`, `24567`, → equipment
 * JBHU24567. A number that has its check digit already gets no second one; null without a number.
 */
export const equipmentOf = (initial: string, number: string, checkDigit: string): Reference | null => {
  const bare = `${initial}${number}`.replaceAll(/\s/g, '').toUpperCase();
  if (number === '') return null;
  const whole = /^[A-Z]{3}[UJZ]\d{6}$/.test(bare) && /^\d$/.test(checkDigit) ? bare + checkDigit : bare;
  return { kind: isContainerNumber(whole) ? 'container' : 'equipment', value: whole };
};
