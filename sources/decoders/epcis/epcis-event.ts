import { z } from 'zod';

const uri = z.string().min(1).max(2_000);
const uris = z
  .array(uri)
  .nullish()
  .transform((list) => list ?? []);
const number = z
  .number()
  .nullish()
  .transform((value) => value ?? null);
const location = z.object({ id: uri }).nullish();

export const epcisTypes = [
  'ObjectEvent',
  'AggregationEvent',
  'TransactionEvent',
  'TransformationEvent',
  'AssociationEvent',
] as const;

const sensorReport = z.object({
  type: uri.nullish(),
  exception: uri.nullish(),
  component: uri.nullish(),
  value: number,
  minValue: number,
  maxValue: number,
  meanValue: number,
  uom: z.string().nullish(),
});
export type SensorReport = z.infer<typeof sensorReport>;

/** What we read of an event of EPCIS 2.0; extensions and what is in boxes are left. */
export const epcisEvent = z.object({
  type: z.enum(epcisTypes),
  eventID: uri.nullish(),
  eventTime: z.string(),
  eventTimeZoneOffset: z.string().nullish(),
  errorDeclaration: z
    .object({
      declarationTime: z.string(),
      reason: uri.nullish(),
      correctiveEventIDs: uris,
    })
    .nullish(),
  bizStep: uri.nullish(),
  disposition: uri.nullish(),
  readPoint: location,
  bizLocation: location,
  bizTransactionList: z
    .array(z.object({ type: uri.nullish(), bizTransaction: uri }))
    .nullish()
    .transform((list) => list ?? []),
  epcList: uris,
  parentID: uri.nullish(),
  childEPCs: uris,
  inputEPCList: uris,
  outputEPCList: uris,
  sensorElementList: z
    .array(z.object({ sensorReport: z.array(sensorReport).nullish() }))
    .nullish()
    .transform((list) => (list ?? []).flatMap((element) => element.sensorReport ?? [])),
});
export type EpcisEvent = z.infer<typeof epcisEvent>;
