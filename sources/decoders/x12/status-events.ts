import { meaningOf } from '../../../domain/code-mapping.ts';
import { identifierKey, type Identifier, type Place } from '../../../domain/event.ts';
import { trackingEvent, type TrackingEvent } from '../../../domain/tracking-event.ts';
import type { ErrorCode } from '../../../runtime/forewarn-error.ts';
import type { DecodedRecords } from '../decoded-records.ts';
import type { DecodeFailure, DecoderSettings, PartnerSettings, RawDocument } from '../decoder.ts';
import { futureReason, timeOfEvent } from '../event-time.ts';
import { trackingId } from '../natural-key.ts';
import { zoneOfRegion } from '../region-zones.ts';
import type { Transaction } from './envelope.ts';
import { keptStatus, type StatusList } from './kept-status.ts';
import type { Reference, ShipmentStatus, StatusLine, StatusLoop } from './shipment-status-214.ts';
import { readX12Time, utcOfX12, zoneOfTimeCode, type X12Time } from './time-codes.ts';

/** One code of a status line: what happened (AT7-01), what is arranged (AT7-03), or what the goods suffer (Q7). */
interface Said {
  readonly list: StatusList;
  readonly code: string;
  readonly reason: string | null;
}

interface Moment {
  /** UTC milliseconds; of a day, its last one. */
  readonly at: number;
  readonly precision: 'instant' | 'day';
  readonly zoneSource: TrackingEvent['zoneSource'];
}

export interface StatusContext {
  readonly records: DecodedRecords;
  readonly transaction: Transaction;
  readonly content: ShipmentStatus;
  /** Those of the whole transaction. */
  readonly bytes: Uint8Array;
  readonly document: RawDocument;
  readonly settings: DecoderSettings;
  readonly partner: PartnerSettings;
}

/** Statuses that happen at the consignee's or the shipper's door, so that the party's address is the stop. */
const consigneeCodes = ['CN', 'ST', 'UC'];
const shipperCodes = ['SH', 'SF'];
const stopParties: Readonly<Partial<Record<TrackingEvent['status'], readonly string[]>>> = {
  delivered: consigneeCodes,
  delivery_attempted: consigneeCodes,
  picked_up: shipperCodes,
};

/**
 * The events of one 214. A status happened at its AT7 time. An estimate or an appointment tells of a time to come:
 * that is `estimatedAt` (with its precision and zone), while `at` is when it was said, by the group's date and time
 * in the partner's zone, and never after it was heard.
 */
export class StatusEvents {
  private readonly from: StatusContext;
  private readonly issuer: string;
  private readonly carrier: string | null;
  private readonly standard: string;
  private readonly problems = new Map<ErrorCode, { stage: DecodeFailure['stage']; reasons: string[] }>();

  constructor(from: StatusContext) {
    this.from = from;
    this.carrier = from.content.scac === '' ? (from.partner.scac ?? null) : from.content.scac;
    this.issuer = this.carrier ?? from.document.source;
    this.standard = from.partner.standard ?? 'x12-214';
  }

  /** One failure for each error code of the transaction, with all its bytes; its sound statuses become events. */
  emit(): void {
    let number = 0;
    for (const loop of this.from.content.loops) {
      const identifiers = this.identifiersOf(loop);
      if (identifiers.length === 0) {
        this.problem('validate', 'FW402', 'no reference says which shipment it is about');
        continue;
      }
      for (const line of loop.statuses) {
        number += 1;
        this.emitLine(`AT7 number ${number}`, line, identifiers);
      }
      for (const trouble of loop.troubles) this.emitTrouble(trouble, loop.statuses.at(-1), identifiers);
    }
    if (this.from.content.loops.every(({ statuses, troubles }) => statuses.length + troubles.length === 0)) {
      this.problem('validate', 'FW402', 'it has neither AT7 nor Q7, so it says nothing about its shipment');
    }
    for (const [code, { stage, reasons }] of this.problems) {
      const shown =
        reasons.slice(0, 5).join('; ') + (reasons.length > 5 ? `; and ${reasons.length - 5} more` : '');
      this.from.records.fail(stage, code, `transaction set 214: ${shown}`, this.from.bytes);
    }
  }

  private problem(stage: DecodeFailure['stage'], code: ErrorCode, reason: string): void {
    const known = this.problems.get(code);
    if (known === undefined) this.problems.set(code, { stage, reasons: [reason] });
    else known.reasons.push(reason);
  }

  private emitLine(name: string, line: StatusLine, identifiers: Identifier[]): void {
    if (line.status === '' && line.appointment === '') {
      this.problem('validate', 'FW402', `${name} has neither status nor appointment code`);
      return;
    }
    if (line.status !== '') {
      this.emitEvent(
        name,
        { list: '1650', code: line.status, reason: line.statusReason || null },
        line,
        identifiers,
      );
    }
    if (line.appointment !== '') {
      const reason = line.appointmentReason || null;
      this.emitEvent(name, { list: '1652', code: line.appointment, reason }, line, identifiers);
    }
  }

  /** Q7 has no time of its own: it was found at the last status of its loop. */
  private emitTrouble(code: string, line: StatusLine | undefined, identifiers: Identifier[]): void {
    this.emitEvent(`Q7 ${code}`, { list: '33', code, reason: null }, line ?? null, identifiers);
  }

  private emitEvent(name: string, said: Said, line: StatusLine | null, identifiers: Identifier[]): void {
    const { heardAt } = this.from.document;
    const { maxFutureMs } = this.from.settings;
    const meaning = meaningOf(this.from.settings.mappings, {
      standard: this.standard,
      partner: this.from.partner.partner ?? null,
      status: said.code,
      reason: said.reason,
      statusList: said.list,
    });
    const stop = line?.place ?? this.stopOf(meaning.status);
    const moment = line === null ? null : this.momentOf(line, stop);
    if (line !== null && moment === null) {
      const shown = `${line.date} ${line.time}`.trim();
      this.problem('validate', 'FW402', `${name} (${said.code}): "${shown}" is no date and time`);
      return;
    }
    const tellsAhead =
      said.list === '1652' || meaning.status === 'estimate' || meaning.status === 'appointment';
    const toldAt = moment === null || tellsAhead ? this.saidAt() : null;
    const at =
      toldAt ?? (moment === null ? heardAt : timeOfEvent(moment.at, moment.precision, heardAt, maxFutureMs));
    if (at === null) {
      this.problem(
        'validate',
        'FW403',
        `${name} (${said.code}): ${futureReason(moment?.at ?? 0, heardAt, maxFutureMs)}`,
      );
      return;
    }
    const code = {
      standard: this.standard,
      status: keptStatus(said.list, said.code),
      reason: said.reason,
    };
    const when =
      `${moment?.precision ?? 'none'} ${moment?.at ?? ''} ${tellsAhead ? this.saidText() : ''}`.trim();
    const event: TrackingEvent = {
      id: trackingId({ shipmentId: null, identifiers, ...code, when, place: stop }),
      at,
      heardAt,
      source: this.from.records.provenance(
        this.from.settings.mappings.label(this.standard, this.from.partner.partner ?? null),
      ),
      shipmentId: null,
      identifiers,
      carrier: this.carrier,
      status: meaning.status,
      cause: meaning.cause,
      effect: meaning.effect,
      party: meaning.party,
      category: meaning.category,
      code,
      place: stop,
      leg: null,
      milestone: null,
      estimatedAt: tellsAhead && moment !== null ? moment.at : null,
      expects: null,
      zoneSource: moment?.zoneSource ?? 'utc',
      text: null,
      precision: moment?.precision ?? 'instant',
      temperatureC: null,
      retracts: null,
    };
    const checked = trackingEvent.safeParse(event);
    if (checked.success) this.from.records.push({ type: 'tracking', value: event });
    else {
      const issue = checked.error.issues[0];
      this.problem(
        'validate',
        'FW402',
        `${name} (${said.code}): ${issue?.path.map(String).join('.')}: ${issue?.message}`,
      );
    }
  }

  private stopOf(status: TrackingEvent['status']): Place | null {
    for (const code of stopParties[status] ?? []) {
      const place = this.from.content.parties.get(code);
      if (place !== undefined) return place;
    }
    return null;
  }

  /** Zone of a local time: the time code, else the stop's region, else the partner's, else the default. */
  private momentOf(line: StatusLine, stop: Place | null): Moment | null {
    const read = readX12Time(line.date, line.time);
    if (read === null) return null;
    const named = zoneOfTimeCode(line.timeCode.toUpperCase());
    if (named !== null) return momentIn(read, named, 'event');
    const ofStop = stop === null ? null : zoneOfRegion(stop.region, stop.country);
    if (ofStop !== null) return momentIn(read, ofStop, 'stop');
    if (this.from.partner.zone !== undefined) return momentIn(read, this.from.partner.zone, 'partner');
    return momentIn(read, this.from.settings.defaultZone, 'default');
  }

  private saidAt(): number {
    const { groupDate, groupTime } = this.from.transaction;
    const read = readX12Time(groupDate, groupTime);
    if (read === null) return this.from.document.heardAt;
    return Math.min(
      utcOfX12(read, this.from.partner.zone ?? this.from.settings.defaultZone),
      this.from.document.heardAt,
    );
  }

  private saidText(): string {
    return `${this.from.transaction.groupDate} ${this.from.transaction.groupTime}`;
  }

  private identifiersOf(loop: StatusLoop): Identifier[] {
    const found = new Map<string, Identifier>();
    const add = ({ kind, value }: Reference): void => {
      const own = kind === 'carrier' ? (this.from.partner.carrierReference ?? 'pro') : kind;
      const named: Identifier = { issuer: this.issuer, kind: own, value };
      found.set(identifierKey(named), named);
    };
    this.from.content.references.forEach(add);
    loop.references.forEach(add);
    return [...found.values()];
  }
}

const momentIn = (time: X12Time, zone: string | number, zoneSource: Moment['zoneSource']): Moment => ({
  at: utcOfX12(time, zone),
  precision: time.precision,
  zoneSource,
});
