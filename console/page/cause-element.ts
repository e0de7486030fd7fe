import { buttonElement } from './button-element.ts';
import { causeName, riskWords, sizeWords, waitingFor, waitingWords } from './cause-words.ts';
import { ChoiceElement } from './choice-element.ts';
import type { CauseView } from './contract.ts';
import type { DeskContext } from './desk-context.ts';
import { element, setAttribute, setText } from './element.ts';
import { countWords } from './impact-words.ts';
import type { PendingDecision } from './page-model.ts';
import { plainWords } from './plain-words.ts';
import { bandOf } from './severity-band.ts';
import { pastWords } from './time-words.ts';

export interface CauseActions {
  readonly decideAll: (
    cause: CauseView,
    verdict: 'approve' | 'refuse' | 'acknowledge',
    reason: string,
    note: string,
  ) => void;
  readonly unfold: (causeId: string) => void;
}

/** One line for the many exceptions of a storm, a port or a feed, decided at once; it opens to them. */
export class CauseElement {
  readonly node = element('li', 'row group');
  readonly #score = element('span', 'score');
  readonly #band = element('span', 'band');
  readonly #title = element('h2');
  readonly #name = element('span', 'cause');
  readonly #size = element('p', 'size');
  readonly #risk = element('p', 'lateness');
  readonly #since = element('p', 'raised');
  readonly #waiting = element('p', 'waiting-words');
  readonly #answer = element('p', 'answer');
  readonly #fold = buttonElement('quiet fold', '');
  readonly #takeOn = buttonElement('link', '');
  readonly #choices: ChoiceElement;
  readonly #desk: DeskContext;
  #cause: CauseView;
  #shown = 0;
  #isOpen = false;

  constructor(cause: CauseView, on: CauseActions, desk: DeskContext) {
    this.#cause = cause;
    this.#desk = desk;
    this.node.tabIndex = -1;
    this.#answer.setAttribute('role', 'status');
    this.#fold.addEventListener('click', () => on.unfold(this.#cause.id));
    this.#takeOn.addEventListener('click', () => on.decideAll(this.#cause, 'acknowledge', 'none', ''));
    this.#choices = new ChoiceElement(
      `all of ${causeName(cause)}`,
      (verdict, reason, note) => on.decideAll(this.#cause, verdict, reason, note),
      desk.reasons,
    );
    this.node.append(
      element('div', 'severity', this.#score, this.#band),
      element('div', 'what', element('div', 'title', this.#title, this.#name), this.#size),
      element('div', 'when', this.#risk, this.#since),
      element('div', 'done', this.#waiting, this.#choices.node, this.#answer),
      element('div', 'foot', this.#fold, this.#takeOn),
    );
  }

  /** `shown`: how many of its lines fit the filter and are known to this page. */
  update(
    cause: CauseView,
    shown: number,
    isOpen: boolean,
    pending: PendingDecision | undefined,
    now: number,
  ): void {
    this.#cause = cause;
    this.#shown = shown;
    this.#isOpen = isOpen;
    const band = bandOf(cause.worstSeverity);
    setAttribute(this.node, 'data-band', band);
    setText(this.#score, String(Math.round(cause.worstSeverity)));
    setText(this.#band, band);
    setText(this.#title, plainWords(cause.category));
    setText(this.#name, causeName(cause));
    setText(this.#size, sizeWords(cause));
    setText(this.#risk, riskWords(cause));
    this.tick(pending, now);
  }

  tick(pending: PendingDecision | undefined, now: number): void {
    const cause = this.#cause;
    const mine = waitingFor(cause, this.#desk.caller().roles);
    const sending = pending?.step === 'sending';
    setText(this.#since, `Since ${pastWords(cause.firstRaisedAt, now)}`);
    setText(this.#waiting, waitingWords(cause));
    this.#choices.node.hidden = mine === 0;
    this.#choices.name(`all of ${causeName(cause)}`, `Approve all ${mine}`, 'Refuse all');
    this.#choices.disable(sending);
    this.#takeOn.hidden = cause.unanswered === 0;
    this.#takeOn.disabled = sending;
    setText(this.#takeOn, `Take all ${cause.unanswered} on`);
    setText(this.#answer, pending === undefined || sending ? '' : pending.error);
    const count = countWords(this.#shown, 'exception', 'exceptions');
    setText(this.#fold, this.#isOpen ? `Hide ${count}` : `Show ${count}`);
    setAttribute(this.#fold, 'aria-expanded', String(this.#isOpen));
  }
}
