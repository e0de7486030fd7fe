import { z } from 'zod';

/** Absent, null and empty are the same: carriers write all three. */
const text = z
  .string()
  .nullish()
  .transform((value) => (value === undefined || value === null || value.trim() === '' ? null : value.trim()));
const number = z
  .number()
  .nullish()
  .transform((value) => value ?? null);
const coordinate = z.union([z.string(), z.number()]).nullish();

const address = z.object({
  city: text,
  stateRegion: text,
  country: text,
  countryCode: text,
  postCode: text,
});

const location = z.object({
  locationName: text,
  UNLocationCode: text,
  facilityTypeCode: text,
  facilityType: text,
  latitude: coordinate,
  longitude: coordinate,
  geoCoordinate: z.object({ latitude: coordinate, longitude: coordinate }).nullish(),
  address: address.nullish(),
});
export type DcsaLocation = z.infer<typeof location>;

const vessel = z.object({ vesselIMONumber: z.union([z.string(), z.number()]).nullish() });

const transportCall = z.object({
  UNLocationCode: text,
  facilityTypeCode: text,
  modeOfTransport: text,
  location: location.nullish(),
  vessel: vessel.nullish(),
  vesselTransport: vessel.nullish(),
});

const reference = z.object({
  referenceType: text,
  referenceValue: text,
  documentReferenceType: text,
  documentReferenceValue: text,
  typeCode: text,
  type: text,
  reference: text,
});
export type DcsaReference = z.infer<typeof reference>;
const references = z
  .array(reference)
  .nullish()
  .transform((list) => list ?? []);

const air = z.object({ temperatureValue: number });

/** What an event is: DCSA 3.0 has it in an object of its own, 2.x beside the rest. */
const classification = z.object({
  eventType: text,
  eventTypeCode: text,
  eventClassifier: text,
  eventClassifierCode: text,
  shipmentEventType: text,
  shipmentEventTypeCode: text,
  transportEventType: text,
  transportEventTypeCode: text,
  equipmentEventType: text,
  equipmentEventTypeCode: text,
  operationsEventTypeCode: text,
  iotEventType: text,
  iotEventTypeCode: text,
  iotEventCode: text,
  reeferEventType: text,
  reeferEventTypeCode: text,
});

/**
 * What we read of an event of DCSA Track & Trace 2.2, 2.3 (with the operations events of Just-in-Time Port Call 1.x) and
 * 3.0, as beta 1 (`eventTypeCode: "SHIPMENT"`, `"CONF"`) and as published (`eventType`, `"CONFIRMED"`).
 */
export const dcsaEvent = classification.extend({
  eventID: z.string().min(1).max(500),
  isRetracted: z.boolean().nullish(),
  eventDateTime: text,
  eventCreatedDateTime: text,
  eventUpdatedDateTime: text,
  eventClassification: classification.nullish(),
  eventRouting: z
    .object({
      originatingParty: z.object({ partyCode: text }).nullish(),
      originatingParties: z.array(z.object({ partyCode: text })).nullish(),
    })
    .nullish(),
  reason: text,
  changeRemark: text,
  remark: text,
  delayReasonCode: text,
  documentID: text,
  documentTypeCode: text,
  documentReferences: references,
  references,
  equipmentReference: text,
  emptyIndicatorCode: text,
  facilityTypeCode: text,
  portCallServiceTypeCode: text,
  eventLocation: location.nullish(),
  transportCall: transportCall.nullish(),
  shipmentDetails: z
    .object({
      documentReference: reference.nullish(),
      additionalDocumentReferences: references,
      shipmentReferences: references,
    })
    .nullish(),
  transportDetails: z
    .object({
      delayReasonCodes: z.array(z.string()).nullish(),
      transportCall: transportCall.nullish(),
    })
    .nullish(),
  equipmentDetails: z
    .object({ equipmentReference: text, emptyIndicatorCode: text, emptyIndicator: text })
    .nullish(),
  iotDetails: z.object({ iotEventCode: text }).nullish(),
  reeferDetails: z
    .object({
      temperatureUnit: text,
      internalSetpointTemperature: number,
      returnAirTemperatureMeasurement: air.nullish(),
      supplyAirTemperatureMeasurement: air.nullish(),
      temperatureProbeMeasurements: z.array(z.object({ measuredTemperatureValue: number })).nullish(),
      alarms: z.array(z.object({ code: text, description: text, endDateTime: text })).nullish(),
    })
    .nullish(),
});
export type DcsaEvent = z.infer<typeof dcsaEvent>;

export const dcsaKinds = ['shipment', 'transport', 'equipment', 'operations', 'iot', 'reefer'] as const;
export type DcsaKind = (typeof dcsaKinds)[number];

export interface DcsaClass {
  readonly kind: DcsaKind;
  /** Planned and estimated events tell of what is to come; so do those that a port call asks for (`REQ`). */
  readonly toCome: boolean;
  readonly code: string;
}

const classifiers: Readonly<Record<string, boolean>> = {
  ACT: false,
  ACTUAL: false,
  EST: true,
  ESTIMATED: true,
  PLN: true,
  PLANNED: true,
  REQ: true,
};

/** Kind, classifier and code of an event, or the rule that they break. */
export const classOf = (event: DcsaEvent): DcsaClass | { readonly broken: string } => {
  const said = event.eventClassification ?? event;
  const type = said.eventType ?? said.eventTypeCode;
  const kind = dcsaKinds.find((one) => one === type?.toLowerCase());
  if (kind === undefined) return { broken: `eventType: ${shown(type)} is none of ${dcsaKinds.join(', ')}` };
  const classifier = said.eventClassifier ?? said.eventClassifierCode;
  const toCome = classifiers[classifier?.toUpperCase() ?? ''];
  if (toCome === undefined)
    return { broken: `eventClassifierCode: ${shown(classifier)} is none of ACT, EST, PLN` };
  const code = codeOf(kind, said, event);
  return code === null ? { broken: `${kind}EventTypeCode: it is missing` } : { kind, toCome, code };
};

const shown = (value: string | null): string => (value === null ? 'nothing' : `"${value.slice(0, 40)}"`);

const codeOf = (
  kind: DcsaKind,
  said: z.infer<typeof classification>,
  { iotDetails }: DcsaEvent,
): string | null => {
  switch (kind) {
    case 'shipment':
      return said.shipmentEventType ?? said.shipmentEventTypeCode;
    case 'transport':
      return said.transportEventType ?? said.transportEventTypeCode;
    case 'equipment':
      return said.equipmentEventType ?? said.equipmentEventTypeCode;
    case 'operations':
      return said.operationsEventTypeCode;
    case 'iot':
      // The first drafts say `DETC` (detected) of everything, and what it was in a second code.
      return iotDetails?.iotEventCode ?? said.iotEventCode ?? said.iotEventType ?? said.iotEventTypeCode;
    default:
      return said.reeferEventType ?? said.reeferEventTypeCode;
  }
};
