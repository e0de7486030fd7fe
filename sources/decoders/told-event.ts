import { meaningOf, type Meaning } from '../../domain/code-mapping.ts';
import type { Status } from '../../domain/codes.ts';
import type { Identifier, Place } from '../../domain/event.ts';
import { trackingEvent, type TrackingEvent } from '../../domain/tracking-event.ts';
import type { DecodedRecords } from './decoded-records.ts';
import type { DecoderSettings, PartnerSettings, RawDocument } from './decoder.ts';
import { futureReason, timeOfEvent } from './event-time.ts';
import { firstIssue } from './first-issue.ts';
import type { Moment } from './iso-time.ts';

/** What a message says of a shipment, read but not yet judged. */
export interface Told {
  readonly id: string;
  readonly standard: string;
  /** List of the status code, where the message's place says so. */
  readonly list: string | null;
  readonly status: string | null;
  readonly reason: string | null;
  readonly identifiers: readonly Identifier[];
  readonly carrier: string | null;
  /** When it happened; of what is to come, when it is to come. */
  readonly moment: Moment;
  /** When it was said, for what is to come; null: when it was heard. */
  readonly saidAt: number | null;
  readonly toCome: boolean;
  readonly place: Place | null;
  readonly text: string | null;
  readonly temperatureC: number | null;
  readonly retracts: string | null;
}

export interface TellingContext {
  readonly records: DecodedRecords;
  readonly document: RawDocument;
  readonly settings: DecoderSettings;
  readonly partner: PartnerSettings;
  /** Names the record in failures: `DCSA TRANSPORT event`. */
  readonly name: string;
  /** Those of the record alone; found only when they are asked for. */
  readonly bytes: () => Uint8Array;
}

/**
 * The event that a message tells, by the mapping of its codes; else a failure. What happened has its own time. What is to
 * come is an `estimate`: its time is `estimatedAt`, `expects` is the status that it will have, and `at` is when it was said,
 * never after it was heard. What its codes say went wrong stands, in both; else an estimate is the news that it is.
 */
export const tell = (told: Told, context: TellingContext): void => {
  const { records, document, settings, partner, name } = context;
  const { heardAt } = document;
  const { standard, status, reason, moment } = told;
  const found = meaningOf(settings.mappings, {
    standard,
    partner: partner.partner ?? null,
    status,
    reason,
    statusList: told.list,
  });
  const meaning = told.toCome ? expected(found) : { ...found, expects: null };
  const at = told.toCome
    ? Math.min(told.saidAt ?? heardAt, heardAt)
    : timeOfEvent(moment.at, moment.precision, heardAt, settings.maxFutureMs);
  if (at === null) {
    const reason = futureReason(moment.at, heardAt, settings.maxFutureMs);
    records.fail('validate', 'FW403', `${name}: ${reason}`, context.bytes());
    return;
  }
  const event: TrackingEvent = {
    id: told.id,
    at,
    heardAt,
    source: records.provenance(settings.mappings.label(standard, partner.partner ?? null)),
    shipmentId: null,
    identifiers: [...told.identifiers],
    carrier: told.carrier,
    ...meaning,
    code: status === null && reason === null ? null : { standard, status: keptCode(told), reason },
    place: told.place,
    leg: null,
    milestone: null,
    estimatedAt: told.toCome ? moment.at : null,
    zoneSource: moment.zoneSource,
    text: told.text === null ? null : told.text.slice(0, 1_000),
    precision: moment.precision,
    temperatureC: told.temperatureC,
    retracts: told.retracts,
  };
  const checked = trackingEvent.safeParse(event);
  if (checked.success) records.push({ type: 'tracking', value: event });
  else {
    records.fail('validate', 'FW402', `${name}: ${firstIssue(checked.error, event)}`, context.bytes());
  }
};

/** A standard may use one code in two lists, so its list stays with it: `operations:CANC`. */
const keptCode = ({ list, status }: Told): string | null =>
  status === null || list === null ? status : `${list}:${status}`;

const NEWS = 'eta_update';

const expected = (meaning: Meaning): Meaning & { readonly expects: Status | null } => {
  const { status } = meaning;
  const isKnown = status !== 'unmapped' && status !== 'information' && status !== 'estimate';
  return {
    ...meaning,
    status: 'estimate',
    category: meaning.category ?? NEWS,
    expects: isKnown ? status : 'information',
  };
};
