import { identifierKey, type Identifier } from '../../../domain/event.ts';
import { isContainerNumber } from '../container-number.ts';
import type { DcsaEvent, DcsaReference } from './dcsa-event.ts';

/**
 * Which of DCSA's document and shipment references name a shipment, as codes (2.x) and as words (3.0). A booking request,
 * a shipping instruction or a customs paper has a number of its own, which names the paper.
 */
const kinds: Readonly<Record<string, Identifier['kind']>> = {
  BKG: 'booking',
  BOOKING: 'booking',
  TRD: 'master_bill',
  TRANSPORT_DOCUMENT: 'master_bill',
  HBL: 'house_bill',
  PO: 'po',
  PURCHASE_ORDER_REFERENCE: 'po',
  FF: 'shipper_reference',
  FREIGHT_FORWARDERS_REFERENCE: 'shipper_reference',
  SI: 'shipper_reference',
  SHIPPERS_REFERENCE: 'shipper_reference',
  CR: 'shipper_reference',
  CUSTOMERS_REFERENCE: 'shipper_reference',
  CSI: 'shipper_reference',
  CUSTOMER_SHIPMENT_ID: 'shipper_reference',
  EQ: 'container',
  EQUIPMENT_REFERENCE: 'container',
};

/** Every name of the shipment that an event has; what is no container number is other equipment. */
export const identifiersOf = (event: DcsaEvent, issuer: string): Identifier[] => {
  const found = new Map<string, Identifier>();
  const add = (kind: Identifier['kind'] | undefined, value: string | null): void => {
    if (kind === undefined || value === null) return;
    const real = kind === 'container' && !isContainerNumber(value.toUpperCase()) ? 'equipment' : kind;
    const named: Identifier = { issuer: issuer.slice(0, 60), kind: real, value: value.slice(0, 80) };
    found.set(identifierKey(named), named);
  };
  const addReference = (one: DcsaReference): void => {
    const type = one.type ?? one.typeCode ?? one.documentReferenceType ?? one.referenceType;
    const value = one.reference ?? one.documentReferenceValue ?? one.referenceValue;
    add(kinds[type?.toUpperCase() ?? ''], value);
  };
  add(kinds[event.documentTypeCode ?? ''], event.documentID);
  event.documentReferences.forEach(addReference);
  const { documentReference, additionalDocumentReferences, shipmentReferences } = event.shipmentDetails ?? {};
  if (documentReference) addReference(documentReference);
  additionalDocumentReferences?.forEach(addReference);
  add('container', event.equipmentDetails?.equipmentReference ?? event.equipmentReference);
  event.references.forEach(addReference);
  shipmentReferences?.forEach(addReference);
  return [...found.values()];
};

/** Type of the document that a shipment event is about, as the mapping has it: `CUSTOMS` for a customs clearance. */
export const documentTypeOf = ({ shipmentDetails, documentTypeCode }: DcsaEvent): string | null => {
  const first = shipmentDetails?.documentReference;
  const type = first?.type ?? first?.typeCode ?? documentTypeCode;
  return type === 'CUC' || type === 'CUSTOMS_CLEARANCE' ? 'CUSTOMS' : (type ?? null);
};
