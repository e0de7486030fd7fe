import { ActionElement, type DecideAction } from './action-element.ts';
import type { ExceptionView, NoteView, RowView } from './contract.ts';
import type { DeskContext } from './desk-context.ts';
import { type DecideException, DeskElement } from './desk-element.ts';
import { detailsElement, type LookUp } from './details-element.ts';
import { element, setAttribute, setText } from './element.ts';
import { evidenceWords } from './evidence-element.ts';
import { anewWords, impactWords } from './impact-words.ts';
import type { PendingDecision } from './page-model.ts';
import { laneWords, plainWords } from './plain-words.ts';
import { bandOf } from './severity-band.ts';
import { latenessWords, momentWords, pastWords, relativeWords, spanWords } from './time-words.ts';

export interface RowActions {
  readonly decide: DecideAction;
  readonly decideException: DecideException;
  readonly lookUp: LookUp;
}

/** Notes on the face of a line; the history has them all. */
const notesShown = 3;

type Pending = ReadonlyMap<string, PendingDecision>;

/** One line of the list. It is built once; an update writes only the words that differ. */
export class RowElement {
  readonly node = element('li', 'row');
  readonly #score = element('span', 'score');
  readonly #band = element('span', 'band');
  readonly #title = element('h2');
  readonly #cause = element('span', 'cause');
  readonly #kind = element('p', 'kind');
  readonly #shipment = element('strong');
  readonly #customer = element('span');
  readonly #tier = element('span', 'tier');
  readonly #route = element('p', 'route');
  readonly #lateness = element('p', 'lateness');
  readonly #promised = element('p');
  readonly #expected = element('p');
  readonly #raised = element('p', 'raised');
  readonly #actions = element('ul', 'actions');
  readonly #none = element('p', 'none', 'Nothing done yet');
  readonly #evidence = element('details', 'evidence');
  readonly #evidenceLine = element('summary');
  readonly #impact = element('p', 'impact');
  readonly #anew = element('p', 'anew');
  readonly #owner = element('span', 'owner');
  readonly #notes = element('ul', 'notes');
  readonly #deskLine: DeskElement;
  readonly #desk: DeskContext;
  readonly #actionElements = new Map<string, ActionElement>();
  readonly #on: RowActions;
  #row: RowView;
  #listed = -1;
  #details: HTMLElement | undefined;

  constructor(row: RowView, on: RowActions, desk: DeskContext) {
    this.#row = row;
    this.#on = on;
    this.#desk = desk;
    this.#deskLine = new DeskElement(row.exception, on.decideException, desk);
    this.node.tabIndex = -1;
    this.node.addEventListener('animationend', () => this.node.classList.remove('arrived'));
    this.#evidence.append(this.#evidenceLine);
    this.#evidence.addEventListener('toggle', () => this.#listEvidence());
    const who = element('p', 'who', this.#shipment, this.#customer, this.#tier);
    this.node.append(
      element('div', 'severity', this.#score, this.#band),
      element(
        'div',
        'what',
        element('div', 'title', this.#title, this.#cause),
        this.#kind,
        who,
        this.#route,
        this.#anew,
      ),
      element('div', 'when', this.#lateness, this.#promised, this.#expected, this.#impact, this.#raised),
      element('div', 'done', this.#actions, this.#none),
      element('div', 'foot', this.#deskLine.node, this.#owner, this.#notes, this.#evidence),
    );
  }

  update(row: RowView, pending: Pending, now: number): void {
    this.#row = row;
    const { exception: e } = row;
    const band = bandOf(e.severity);
    setAttribute(this.node, 'data-band', band);
    setAttribute(this.node, 'data-state', e.state);
    setText(this.#score, String(Math.round(e.severity)));
    setText(this.#band, band);
    setText(this.#title, plainWords(e.category));
    setText(this.#cause, causeWords(e));
    setAttribute(this.#kind, 'data-kind', e.kind);
    setText(this.#shipment, e.shipmentId);
    setText(this.#customer, e.customerId ?? 'customer unknown');
    setText(this.#tier, e.tier);
    setAttribute(this.#tier, 'data-tier', e.tier);
    setText(this.#route, routeWords(e));
    setText(this.#evidenceLine, evidenceWords(e.evidence));
    setText(this.#anew, anewWords(e));
    this.#showNotes(row.notes);
    if (this.#evidence.open) this.#listEvidence();
    this.#updateActions(pending, now);
    this.tick(pending, now);
  }

  /** What changes only because time goes on. */
  tick(pending: Pending, now: number): void {
    const { exception: e, actions } = this.#row;
    setText(this.#kind, kindWords(e));
    const late = e.expectedAt !== null && e.promisedAt !== null;
    const passed = e.promisedAt !== null && e.promisedAt < now;
    setText(this.#lateness, punctualityWords(e, now));
    setAttribute(this.#lateness, 'data-late', String(passed || (late && e.expectedAt > e.promisedAt)));
    setText(
      this.#promised,
      e.promisedAt === null ? '' : timeLine('Promised', e.promisedAt, late ? now : null),
    );
    setText(this.#expected, e.expectedAt === null ? '' : timeLine('Expected', e.expectedAt, now));
    setText(this.#raised, `Raised ${pastWords(e.raisedAt, now)}`);
    setText(this.#impact, impactWords(e, now));
    setText(this.#owner, ownerWords(e, now));
    this.#deskLine.update(e, pending.get(e.id), now);
    for (const action of actions) {
      this.#actionElements.get(action.id)?.update(action, pending.get(action.id), now);
    }
  }

  #showNotes(notes: readonly NoteView[]): void {
    const shown = notes.slice(-notesShown);
    if (shown.map(({ id }) => id).join() === this.#notes.dataset['ids']) return;
    this.#notes.dataset['ids'] = shown.map(({ id }) => id).join();
    this.#notes.replaceChildren(
      ...shown.map(({ by, note, verdict, at }) => {
        const did = verdict === 'comment' ? '' : ` (${verdict})`;
        return element(
          'li',
          '',
          element('strong', '', by),
          element('span', 'noted', `${did} ${momentWords(at)}: `),
          element('span', '', note),
        );
      }),
    );
  }

  #updateActions(pending: Pending, now: number): void {
    const { actions } = this.#row;
    const known = new Set(actions.map(({ id }) => id));
    for (const [id, { node }] of this.#actionElements) {
      if (known.has(id)) continue;
      node.remove();
      this.#actionElements.delete(id);
    }
    for (const action of actions) {
      if (this.#actionElements.has(action.id)) continue;
      const line = new ActionElement(action, this.#on.decide, this.#desk);
      line.update(action, pending.get(action.id), now);
      this.#actionElements.set(action.id, line);
      this.#actions.append(line.node);
    }
    this.#none.hidden = actions.length > 0;
  }

  /** Only when somebody looks: a thousand lines have many thousand ids. */
  #listEvidence(): void {
    const { exception } = this.#row;
    if (!this.#evidence.open || this.#listed === exception.version) return;
    this.#listed = exception.version;
    const details = detailsElement(exception, this.#on.lookUp);
    this.#details?.remove();
    this.#evidence.append(details);
    this.#details = details;
  }
}

/** Who has it, and until when nobody wants to hear of it. */
const ownerWords = ({ assignee, state, snoozedUntil }: ExceptionView, now: number): string => {
  const parts = assignee === null ? [] : [`${assignee} has it`];
  if (state === 'snoozed' && snoozedUntil !== null) {
    parts.push(`snoozed until ${momentWords(snoozedUntil)}, ${relativeWords(snoozedUntil, now)}`);
  }
  return parts.join(' · ');
};

const causeWords = (e: ExceptionView): string => {
  if (e.cause === 'none' || e.cause === e.category) return '';
  if (e.cause === 'unmapped') return 'cause not known';
  return `cause: ${plainWords(e.cause).toLowerCase()}`;
};

const kindWords = (e: ExceptionView): string => {
  if (e.kind === 'detected') return e.planKnown ? 'Seen' : 'Seen, plan not known yet';
  const parts = ['Foreseen'];
  if (e.probability !== null) parts.push(`${Math.round(e.probability * 100)} % likely`);
  if (e.leadTimeMin !== null && e.leadTimeMin > 0) parts.push(`${spanWords(e.leadTimeMin * 60_000)} ahead`);
  return parts.join(' · ');
};

const routeWords = (e: ExceptionView): string =>
  [e.lane === null ? null : laneWords(e.lane), e.carrier, e.service, e.mode === 'ltl' ? 'LTL' : e.mode]
    .filter((part) => part !== null && part !== '')
    .join(' · ');

/** The line that a desk reads first: how late it will be, or how long there still is. */
const punctualityWords = ({ expectedAt, promisedAt }: ExceptionView, now: number): string => {
  if (promisedAt === null) return 'No promise known';
  if (expectedAt !== null) return latenessWords(expectedAt, promisedAt);
  return promisedAt < now
    ? `Overdue by ${spanWords(now - promisedAt)}`
    : `Due ${relativeWords(promisedAt, now)}`;
};

const timeLine = (word: string, at: number, now: number | null): string =>
  `${word} ${momentWords(at)}${now === null ? '' : `, ${relativeWords(at, now)}`}`;
