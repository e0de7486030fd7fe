import type { Identifier } from '../../../domain/event.ts';

/**
 * X12 element 128, the qualifiers that name a shipment. Others (stop numbers, appointment numbers, a carrier's own
 * event codes) name something else and are left in the document.
 */
const kinds: Readonly<Record<string, Identifier['kind']>> = {
  BM: 'bol',
  MB: 'bol',
  BL: 'bol',
  PO: 'po',
  CN: 'pro',
  '2I': 'tracking',
  '97': 'shipper_reference',
  SI: 'shipper_reference',
  CR: 'shipper_reference',
  DO: 'shipper_reference',
  EQ: 'container',
  OC: 'container',
  LO: 'tms',
};

export const kindOfReference = (qualifier: string): Identifier['kind'] | null => kinds[qualifier] ?? null;

/** An ISO 6346 container number such as `GMCU6094137`, with or without its check digit. */
export const isContainerNumber = (text: string): boolean => /^[A-Z]{3}[UJZ]\d{6,7}$/.test(text);
