import type { Identifier } from '../../../domain/event.ts';
import { isContainerNumber } from '../container-number.ts';

/** An identifier whose issuer is still to be named; `carrier` is the carrier's own number, PRO or tracking. */
export interface Reference {
  readonly kind: Identifier['kind'] | 'carrier';
  readonly value: string;
}

/**
 * Element 1153, the qualifiers that name a shipment (D.96A to D.23A). Others (voyages, seals, invoices, customs entries, the
 * number of an inquiry) name something else and are left in the document.
 */
const kinds: Readonly<Record<string, Reference['kind']>> = {
  AAM: 'carrier',
  CN: 'carrier',
  BM: 'bol',
  AAS: 'bol',
  MB: 'master_bill',
  MWB: 'master_bill',
  AWB: 'master_bill',
  BH: 'house_bill',
  HWB: 'house_bill',
  BN: 'booking',
  ON: 'po',
  OP: 'po',
  CO: 'po',
  CU: 'shipper_reference',
  CR: 'shipper_reference',
  SI: 'shipper_reference',
  SRN: 'shipper_reference',
  FF: 'shipper_reference',
  DQ: 'shipper_reference',
  AAK: 'shipper_reference',
  UCN: 'shipper_reference',
};

/** A reference by its qualifier; null for one that names no shipment. */
export const referenceOf = (qualifier: string, value: string): Reference | null => {
  if (value === '') return null;
  if (qualifier === 'EQ') return equipmentOf(value);
  const kind = kinds[qualifier];
  return kind === undefined ? null : { kind, value };
};

/** An ISO 6346 number (`TRHU 430725-2`) is a container, anything else equipment that is used again tomorrow. */
export const equipmentOf = (number: string): Reference | null => {
  const bare = number.replaceAll(/[\s-]/g, '').toUpperCase();
  if (bare === '') return null;
  return { kind: isContainerNumber(bare) ? 'container' : 'equipment', value: bare };
};

/**
 * The names of a shipment at one place of a message, from the outermost level to the innermost. A kind that is named again
 * farther in replaces it: a message about container A with a status of container B is about B there.
 */
export const nearest = (levels: readonly (readonly Reference[])[]): readonly Reference[] => {
  let kept: readonly Reference[] = [];
  for (const level of levels) {
    const named = new Set(level.map(({ kind }) => kind));
    kept = [...kept.filter(({ kind }) => !named.has(kind)), ...level];
  }
  return kept;
};
