import { acknowledgement } from '../../../domain/acknowledgement.ts';
import { meaningOf } from '../../../domain/code-mapping.ts';
import { contract } from '../../../domain/contract.ts';
import { portStatus } from '../../../domain/port-status.ts';
import { shipmentPlan } from '../../../domain/shipment-plan.ts';
import { trackingEvent, type TrackingEvent } from '../../../domain/tracking-event.ts';
import { weatherAlert } from '../../../domain/weather-alert.ts';
import type { DecodedRecords } from '../decoded-records.ts';
import type { CanonicalType, DecoderSettings } from '../decoder.ts';
import { timeOfEvent } from '../event-time.ts';
import { trackingId } from '../natural-key.ts';
import {
  checked,
  NO_ID,
  type Reader,
  type ReadRecord,
  type RecordContext,
  type Refusal,
  withId,
} from './checked-record.ts';
import { orderReaders } from './order-records.ts';
import { surroundingReaders } from './surrounding-records.ts';

/**
 * One canonical record, `{ "type": "tracking", … }`. `heardAt` and `source` are always ours; a missing `id` is made of
 * the natural key. A tracking record may carry its partner's codes instead of a status, which are then mapped.
 */
export const decodeRecord = (
  records: DecodedRecords,
  value: unknown,
  context: RecordContext,
  bytes: () => Uint8Array,
): void => {
  const result = readRecord(records, value, context);
  if ('code' in result) records.fail('validate', result.code, result.reason, bytes());
  else records.push(result);
};

/** The same, for a decoder that says more about where the record stands; `mapping` is what the record was made by. */
export const readRecord = (
  records: DecodedRecords,
  value: unknown,
  context: RecordContext,
  mapping: string | null = null,
): ReadRecord | Refusal => {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    const reason = 'record: it is no object; a record is { "type": "tracking", … }';
    return { code: 'FW402', reason };
  }
  const record = value as Record<string, unknown>;
  const { type } = record;
  if (typeof type !== 'string' || !Object.hasOwn(readers, type)) {
    const allowed = Object.keys(readers).join(', ');
    return {
      code: 'FW402',
      reason: `type: ${JSON.stringify(type) ?? 'it is missing'} is none of ${allowed}`,
    };
  }
  record['heardAt'] = context.document.heardAt;
  record['source'] = records.provenance(mapping);
  record['id'] ??= NO_ID;
  const result = readers[type as CanonicalType](record, context);
  return 'code' in result ? { ...result, reason: `${type}: ${result.reason}` } : result;
};

const readTracking: Reader = (record, context) => {
  const partner = context.settings.partners[context.document.source] ?? {};
  const { code } = record;
  if (typeof code === 'object' && code !== null) {
    record['status'] ??= 'unmapped';
    if (!('standard' in code) && partner.standard !== undefined) {
      record['code'] = { ...code, standard: partner.standard };
    }
  }
  const result = checked(trackingEvent, record, context);
  if ('code' in result) return result;
  const value = mapped(result.value, context.settings, partner.partner ?? null);
  const { precision, status } = value;
  // Only what is given lengthens the key, so that it is the key of the same event from another feed.
  const more = [value.estimatedAt, value.leg, value.milestone, value.retracts].some((part) => part !== null)
    ? ` ${JSON.stringify([value.estimatedAt, value.leg, value.milestone, value.retracts])}`
    : '';
  const id =
    value.id === NO_ID
      ? trackingId({
          shipmentId: value.shipmentId,
          identifiers: value.identifiers,
          standard: value.code?.standard ?? null,
          status: value.code?.status ?? status,
          reason: value.code?.reason ?? null,
          when: `${precision} ${value.at}${more}`,
          place: value.place,
        })
      : value.id;
  const { heardAt } = context.document;
  const at = timeOfEvent(value.at, precision, heardAt, context.settings.maxFutureMs) ?? value.at;
  return { type: 'tracking', value: { ...value, id, at } };
};

/** What the sender says itself stands; the mapping fills the rest. */
const mapped = (event: TrackingEvent, settings: DecoderSettings, partner: string | null): TrackingEvent => {
  if (event.code === null || event.status !== 'unmapped') return event;
  const { standard, status, reason } = event.code;
  const meaning = meaningOf(settings.mappings, { standard, partner, status, reason });
  return {
    ...event,
    status: meaning.status,
    cause: event.cause === 'none' ? meaning.cause : event.cause,
    effect: event.effect === 'none' ? meaning.effect : event.effect,
    party: event.party === 'none' ? meaning.party : event.party,
    category: event.category ?? meaning.category,
    source: { ...event.source, mapping: settings.mappings.label(standard, partner) },
  };
};

const readers: Readonly<Record<CanonicalType, Reader>> = {
  tracking: readTracking,
  plan: (record, context) => {
    const result = checked(shipmentPlan, record, context);
    if ('code' in result) return result;
    return { type: 'plan', value: withId(result.value, 'plan', result.value.shipmentId, result.value.at) };
  },
  acknowledgement: (record, context) => {
    const result = checked(acknowledgement, record, context);
    if ('code' in result) return result;
    const { sender, groupControl, setControl } = result.value;
    return {
      type: 'acknowledgement',
      value: withId(result.value, 'acknowledgement', sender.id, groupControl, setControl ?? ''),
    };
  },
  contract: (record, context) => {
    const result = checked(contract, record, context);
    if ('code' in result) return result;
    const { customerId, version, effectiveFrom } = result.value;
    return { type: 'contract', value: withId(result.value, 'contract', customerId, version, effectiveFrom) };
  },
  weather: (record, context) => {
    const result = checked(weatherAlert, record, context);
    if ('code' in result) return result;
    return {
      type: 'weather',
      value: withId(result.value, 'weather', result.value.alertId, result.value.hazardId),
    };
  },
  port: (record, context) => {
    const result = checked(portStatus, record, context);
    if ('code' in result) return result;
    return { type: 'port', value: withId(result.value, 'port', result.value.port, result.value.at) };
  },
  ...orderReaders,
  ...surroundingReaders,
};
