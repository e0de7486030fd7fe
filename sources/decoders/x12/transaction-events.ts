import { meaningOf } from '../../../domain/code-mapping.ts';
import { versionedId } from '../../../domain/event-version.ts';
import { identifierKey, type Identifier, type Place } from '../../../domain/event.ts';
import { trackingEvent, type TrackingEvent } from '../../../domain/tracking-event.ts';
import { EdiProblems } from '../edi-problems.ts';
import { futureReason, timeOfEvent } from '../event-time.ts';
import { firstIssue } from '../first-issue.ts';
import { trackingId, type TrackingKey } from '../natural-key.ts';
import { keptStatus, type StatusList } from './kept-status.ts';
import { momentOf, type Stamp } from './moment.ts';
import type { Reference } from './references.ts';
import { saidAt, type TransactionContext } from './transaction-context.ts';

const MINUTE_MS = 60_000;

/** One code that a transaction says about a shipment. */
export interface Statement {
  /** Which segment said so, for people: `AT7 number 2`. */
  readonly name: string;
  readonly list: StatusList;
  readonly code: string;
  readonly reason: string | null;
  /** Null where the code has no time of its own: it was said when it was heard. */
  readonly stamp: Stamp | null;
  readonly place: Place | null;
  /** Where it happened when `place` is null, by what it means. */
  readonly placeOf?: (status: TrackingEvent['status']) => Place | null;
  readonly identifiers: readonly Identifier[];
  /** True where its time may lie ahead whatever its status is: a constraint, the end of free time. */
  readonly ahead?: boolean;
  /** What is expected, where the time is of something else than the delivery. */
  readonly expects?: TrackingEvent['expects'];
  readonly text?: string | null;
}

/**
 * Tracking events of one transaction. A status happened at its own time. An estimate or an appointment tells of a time to
 * come: that is `estimatedAt` (with its precision and zone), while `at` is when it was said, and never after it was heard.
 */
export class TransactionEvents {
  readonly problems: EdiProblems;
  private readonly from: TransactionContext;
  private readonly standard: string;
  private readonly carrier: string | null;

  /** `scac` is empty where the message names no carrier. */
  constructor(from: TransactionContext, standard: string, scac: string) {
    this.from = from;
    this.standard = standard;
    this.carrier = scac === '' ? (from.partner.scac ?? null) : scac.toUpperCase();
    this.problems = new EdiProblems(from.records, from.bytes, `transaction set ${from.transaction.set}`);
  }

  /** References as identifiers, each once; issued by the carrier, or by the source where nobody is named. */
  identifiersOf(...references: readonly (Reference | null)[]): Identifier[] {
    const found = new Map<string, Identifier>();
    for (const reference of references) {
      if (reference === null) continue;
      const { kind, value, issuer = this.carrier ?? this.from.document.source } = reference;
      const own = kind === 'carrier' ? (this.from.partner.carrierReference ?? 'pro') : kind;
      const named: Identifier = { issuer, kind: own, value };
      found.set(identifierKey(named), named);
    }
    return [...found.values()];
  }

  say(statement: Statement): void {
    const { name, list, code: said, reason, stamp } = statement;
    const { document, settings, partner, records, transaction } = this.from;
    if (statement.identifiers.length === 0) {
      const why = 'no reference says which shipment it is about';
      this.problems.add('validate', 'FW402', `${name} (${said}): ${why}`);
      return;
    }
    const { heardAt } = document;
    const dialect = partner.partner ?? null;
    const meaning = meaningOf(settings.mappings, {
      standard: this.standard,
      partner: dialect,
      status: said,
      reason,
      statusList: list,
    });
    const stop = statement.place ?? statement.placeOf?.(meaning.status) ?? null;
    const moment = stamp === null ? null : momentOf(stamp, stop, partner, settings);
    if (stamp !== null && moment === null) {
      const shown = `${stamp.date} ${stamp.time}`.trim();
      this.problems.add('validate', 'FW402', `${name} (${said}): "${shown}" is no date and time`);
      return;
    }
    const tellsAhead =
      statement.ahead === true || meaning.status === 'estimate' || meaning.status === 'appointment';
    const toldAt = moment === null || tellsAhead ? saidAt(this.from) : null;
    const at =
      toldAt ??
      (moment === null ? heardAt : timeOfEvent(moment.at, moment.precision, heardAt, settings.maxFutureMs));
    if (at === null) {
      const why = futureReason(moment?.at ?? 0, heardAt, settings.maxFutureMs);
      this.problems.add('validate', 'FW403', `${name} (${said}): ${why}`);
      return;
    }
    const code = { standard: this.standard, status: keptStatus(list, said), reason };
    const { groupDate, groupTime } = transaction;
    const when =
      `${moment?.precision ?? 'none'} ${moment?.at ?? ''} ${toldAt === null ? '' : `${groupDate} ${groupTime}`}`.trim();
    const identifiers = [...statement.identifiers];
    const event: TrackingEvent = {
      id: this.idOf({ shipmentId: null, identifiers, ...code, when, place: stop }, said, moment?.at ?? at),
      at,
      heardAt,
      source: records.provenance(settings.mappings.label(this.standard, dialect)),
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
      zoneSource: moment?.zoneSource ?? 'utc',
      text: statement.text ?? null,
      precision: moment?.precision ?? 'instant',
      temperatureC: null,
      expects: tellsAhead ? (statement.expects ?? null) : null,
      retracts: null,
    };
    const checked = trackingEvent.safeParse(event);
    if (checked.success) records.push({ type: 'tracking', value: event });
    else this.problems.add('validate', 'FW402', `${name} (${said}): ${firstIssue(checked.error, event)}`);
  }

  /**
   * X12 takes nothing back. A status that its sender is known to correct is one thread by its first name, code and stop,
   * whatever its time and reason; the version is the minute in which it was said, and in the same minute (control numbers
   * begin anew, so they are no help) the later time counts: D1 at 14:00, said at 15:10, and D1 at 13:20, said at 16:30, is
   * one delivery at 13:20.
   */
  private idOf(key: TrackingKey, said: string, happenedAt: number): string {
    if (this.from.partner.corrects?.includes(said) !== true) return trackingId(key);
    const thread = trackingId({ ...key, identifiers: key.identifiers.slice(0, 1), reason: null, when: '' });
    const minute = Math.floor(saidAt(this.from) / MINUTE_MS);
    return versionedId(thread, minute * MINUTE_MS + (Math.floor(happenedAt / MINUTE_MS) % MINUTE_MS));
  }
}
