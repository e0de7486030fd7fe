import { EdiProblems } from '../edi-problems.ts';
import { type Meaning, meaningOf } from '../../../domain/code-mapping.ts';
import { identifierKey, type Identifier, type Place } from '../../../domain/event.ts';
import { stableId } from '../../../domain/stable-id.ts';
import { trackingEvent, type TrackingEvent } from '../../../domain/tracking-event.ts';
import { futureReason, timeOfEvent } from '../event-time.ts';
import { firstIssue } from '../first-issue.ts';
import { trackingId } from '../natural-key.ts';
import type { Stamp } from './date-time.ts';
import type { Consignment, IftstaReport, Level, StatusReport } from './iftsta-report.ts';
import type { MessageContext } from './message-context.ts';
import { type Moment, momentOf } from './moment.ts';
import { nearest, type Reference } from './references.ts';
import { type Asked, findReason, findStatus, type FoundCode, IFTSTA } from './status-codes.ts';
import { placeOfStatus } from './status-place.ts';
import { arrivalExpected, stampOfStatus } from './status-times.ts';

/** A status of a consignment, and of whom or what it is said. */
interface Statement {
  readonly name: string;
  readonly said: StatusReport;
  readonly consignment: Consignment;
  readonly identifiers: readonly Identifier[];
  readonly carrier: string | null;
}

/** What a statement comes to. */
interface Told {
  readonly code: {
    readonly standard: string;
    readonly status: string | null;
    readonly reason: string | null;
  };
  readonly meaning: Meaning;
  readonly place: Place | null;
  /** Null where no DTM says when: it was said when the message was written. */
  readonly moment: Moment | null;
  /** Its time is one to come; `at` is when it was said. */
  readonly tellsAhead: boolean;
}

/**
 * Tracking events of one IFTSTA: each STS is one, with its first reason, and each further reason one of its own, so that
 * none of five is lost; of several EQD each is one. The place where the way ends gives an estimate. A message whose function
 * is to cancel takes back the events that the same content made when it was an original.
 */
export const decodeIftsta = (from: MessageContext, report: IftstaReport): void =>
  new IftstaEvents(from, report).all();

class IftstaEvents {
  private readonly from: MessageContext;
  private readonly report: IftstaReport;
  private readonly problems: EdiProblems;
  private readonly asked: Asked;
  private readonly saidAt: number;
  private readonly takesBack: boolean;
  /** Those that the message has told already. */
  private readonly estimates = new Set<string>();

  constructor(from: MessageContext, report: IftstaReport) {
    const { partner, settings, message } = from;
    this.from = from;
    this.report = report;
    this.problems = new EdiProblems(
      from.records,
      from.bytes,
      `${from.message.type} ${from.message.reference}`,
    );
    this.asked = {
      mappings: settings.mappings,
      standard: partner.standard ?? IFTSTA,
      partner: partner.partner ?? null,
    };
    const dated = report.header.stamps.find(({ qualifier }) => qualifier === '137') ?? {
      qualifier: '137',
      value: `${message.interchange?.date ?? ''}${message.interchange?.time ?? ''}`,
      format: '',
    };
    const said = momentOf(dated, null, partner, settings)?.at ?? from.document.heardAt;
    this.saidAt = Math.min(said, from.document.heardAt);
    this.takesBack = report.messageFunction === '1' || report.messageFunction === '3';
  }

  all(): void {
    const { consignments, problems } = this.report;
    let number = 0;
    for (const consignment of consignments) {
      for (const said of consignment.statuses) {
        number += 1;
        this.sayStatus(`STS number ${number}`, said, consignment);
      }
    }
    if (number === 0)
      this.problems.add('validate', 'FW402', 'it has no STS, so it says nothing about a shipment');
    for (const problem of problems) this.problems.add('decode', 'FW401', problem);
    this.problems.flush();
  }

  private sayStatus(name: string, said: StatusReport, consignment: Consignment): void {
    const { header } = this.report;
    const carrier = this.carrierOf([said, consignment, header]);
    const references = nearest([header.references, consignment.references, said.references]);
    const each = said.equipment.length === 0 ? [null] : said.equipment;
    for (const equipment of each) {
      const own = equipment === null ? references : nearest([references, [equipment]]);
      const identifiers = this.identifiersOf(own, carrier);
      if (identifiers.length === 0) {
        this.problems.add('validate', 'FW402', `${name}: no reference says which shipment it is about`);
        return;
      }
      this.sayCodes({ name, said, consignment, identifiers, carrier });
    }
  }

  private sayCodes(about: Statement): void {
    const { said, name } = about;
    const reasons = said.reasons.map((reason) => findReason(this.asked, reason));
    const transport = said.type === '' || said.type === '1';
    const found = said.status.code === '' ? null : findStatus(this.asked, said.status, transport);
    if (found === null && reasons.length === 0) {
      this.problems.add('validate', 'FW402', `${name} has neither status nor reason`);
      return;
    }
    const [first, ...more] = reasons;
    const together = found === null || (first !== undefined && goTogether(found, first));
    this.say(about, found, together ? (first ?? null) : null);
    const apart = together || first === undefined ? more : reasons;
    for (const reason of apart) this.say(about, null, reason);
    if (!this.takesBack) this.sayEstimate(about);
  }

  /** One event: a code, a reason, or both. */
  private say(about: Statement, found: FoundCode | null, reason: FoundCode | null): void {
    const { name, said, consignment } = about;
    const { header } = this.report;
    const { mappings, partner } = this.asked;
    const standard = found?.standard ?? reason?.standard ?? this.asked.standard;
    const meaning = meaningOf(mappings, {
      standard,
      partner,
      status: found?.code ?? null,
      reason: reason?.code ?? null,
      statusList: found?.list ?? null,
      reasonList: reason?.list ?? null,
      agency: found?.agency ?? reason?.agency ?? null,
    });
    const place = placeOfStatus(said, consignment, header, meaning.status);
    const stamp = stampOfStatus([said, consignment, header]);
    const moment = stamp === null ? null : this.momentOf(name, stamp, place);
    if (moment === undefined) return;
    const code = { standard, status: found?.kept ?? null, reason: reason?.kept ?? null };
    const tellsAhead = meaning.status === 'estimate' || meaning.status === 'appointment';
    this.emit(about, { code, meaning, place, moment, tellsAhead });
  }

  private sayEstimate(about: Statement): void {
    const { said, consignment, name, identifiers } = about;
    const expected = arrivalExpected([said, consignment, this.report.header]);
    if (expected === null) return;
    const { stamp, place } = expected;
    // Every status of a message repeats the same estimate.
    const key = JSON.stringify([stamp, place, identifiers]);
    if (this.estimates.has(key)) return;
    this.estimates.add(key);
    const moment = this.momentOf(name, stamp, place);
    if (moment === undefined) return;
    const { standard, partner, mappings } = this.asked;
    const status = stamp.qualifier;
    const meaning = meaningOf(mappings, { standard, partner, status, reason: null, statusList: '2005' });
    const code = { standard, status: `DTM:${status}`, reason: null };
    this.emit(about, { code, meaning, place, moment, tellsAhead: true });
  }

  private emit({ name, said, consignment, identifiers, carrier }: Statement, what: Told): void {
    const { records, document, settings } = this.from;
    const { heardAt } = document;
    const { code, meaning, place, moment, tellsAhead } = what;
    const happenedAt =
      moment === null || tellsAhead
        ? this.saidAt
        : timeOfEvent(moment.at, moment.precision, heardAt, settings.maxFutureMs);
    if (happenedAt === null) {
      const why = futureReason(moment?.at ?? 0, heardAt, settings.maxFutureMs);
      this.problems.add('validate', 'FW403', `${name} (${code.status ?? code.reason}): ${why}`);
      return;
    }
    const told = moment === null || tellsAhead ? this.saidAt : '';
    const when = `${moment?.precision ?? 'none'} ${moment?.at ?? ''} ${told}`.trim();
    const id = trackingId({ shipmentId: null, identifiers, ...code, when, place });
    const texts = [...said.texts, ...consignment.texts];
    const means = this.takesBack ? nothingNew : meaning;
    const event: TrackingEvent = {
      id: this.takesBack ? stableId('retraction', id) : id,
      at: happenedAt,
      heardAt,
      source: records.provenance(settings.mappings.label(code.standard, this.asked.partner)),
      shipmentId: null,
      identifiers: [...identifiers],
      carrier,
      status: means.status,
      cause: means.cause,
      effect: means.effect,
      party: means.party,
      category: means.category,
      code,
      place,
      leg: null,
      milestone: null,
      estimatedAt: tellsAhead && !this.takesBack && moment !== null ? moment.at : null,
      text: [...new Set(texts)].join('; ').slice(0, 1_000) || null,
      zoneSource: moment?.zoneSource ?? 'utc',
      precision: moment?.precision ?? 'instant',
      temperatureC: null,
      expects: null,
      retracts: this.takesBack ? id : null,
    };
    const checked = trackingEvent.safeParse(event);
    if (checked.success) records.push({ type: 'tracking', value: event });
    else this.problems.add('validate', 'FW402', `${name}: ${firstIssue(checked.error, event)}`);
  }

  /** Undefined, and told, where a DTM is no date and time. */
  private momentOf(name: string, stamp: Stamp, place: Place | null): Moment | undefined {
    const moment = momentOf(stamp, place, this.from.partner, this.from.settings);
    if (moment !== null) return moment;
    const { qualifier, value, format } = stamp;
    const shown = `DTM ${qualifier} "${value}" in format ${format || '(none)'}`;
    this.problems.add('validate', 'FW402', `${name}: ${shown} is no date and time`);
    return undefined;
  }

  /** SCAC of the carrier: NAD CA, else TDT, from the innermost level out, else as the source is set. */
  private carrierOf(levels: readonly Level[]): string | null {
    const named = [
      ...levels.map(({ parties }) => parties.get('CA')?.id ?? ''),
      ...levels.flatMap(({ carriers }) => carriers),
    ];
    for (const id of named) {
      const scac = scacOf(id);
      if (scac !== null) return scac;
    }
    return this.from.partner.scac ?? null;
  }

  /** Each once, the first ones; issued by the carrier, or by the source where nobody is named. */
  private identifiersOf(references: readonly Reference[], carrier: string | null): readonly Identifier[] {
    const found = new Map<string, Identifier>();
    for (const { kind, value } of references) {
      if (found.size === NAMES_KEPT) break;
      const own = kind === 'carrier' ? (this.from.partner.carrierReference ?? 'pro') : kind;
      const named: Identifier = { issuer: carrier ?? this.from.document.source, kind: own, value };
      found.set(identifierKey(named), named);
    }
    return [...found.values()];
  }
}

/** Names of an event: thousands of references beside thousands of statuses would be millions of them. */
const NAMES_KEPT = 64;

const scacOf = (text: string): string | null => (/^[A-Z]{2,4}$/i.test(text) ? text.toUpperCase() : null);

/** What is left of an event that only takes another one back. */
const nothingNew: Meaning = {
  status: 'information',
  cause: 'none',
  effect: 'none',
  party: 'none',
  category: null,
};

/** A reason is read with the status only where both are asked of the same mapping and agency. */
const goTogether = (status: FoundCode, reason: FoundCode): boolean =>
  status.standard === reason.standard && (reason.agency === null || reason.agency === status.agency);
