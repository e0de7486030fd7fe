import { buttonElement } from './button-element.ts';
import type { DecisionBody, ExceptionView } from './contract.ts';
import type { DeskContext } from './desk-context.ts';
import { element, setAttribute, setText } from './element.ts';
import type { PendingDecision } from './page-model.ts';
import { plainWords } from './plain-words.ts';
import { localField, snoozeTimes } from './snooze-times.ts';
import { relativeWords } from './time-words.ts';

export type ExceptionVerdict = 'acknowledge' | 'resolve' | 'snooze' | 'wake' | 'assign' | 'comment';
export type DecideException = (
  exception: ExceptionView,
  verdict: ExceptionVerdict,
  body: DecisionBody,
) => void;

/** What somebody at the desk can say about an exception itself. What needs more than a click opens below it. */
export class DeskElement {
  readonly node = element('div', 'desk');
  readonly #acknowledge = buttonElement('link acknowledge', '');
  readonly #wake = buttonElement('link', 'Wake');
  readonly #snooze = buttonElement('link', 'Snooze');
  readonly #assign = buttonElement('link', 'Assign');
  readonly #comment = buttonElement('link', 'Comment');
  readonly #resolve = buttonElement('link', 'It is over');
  readonly #panel = element('div', 'panel');
  readonly #error = element('p', 'error');
  readonly #decide: DecideException;
  readonly #desk: DeskContext;
  #exception: ExceptionView;
  #now = 0;
  #opened: HTMLButtonElement | undefined;

  constructor(exception: ExceptionView, decide: DecideException, desk: DeskContext) {
    this.#exception = exception;
    this.#decide = decide;
    this.#desk = desk;
    this.#error.setAttribute('role', 'alert');
    this.#panel.hidden = true;
    this.#acknowledge.addEventListener('click', () => this.#say('acknowledge', {}));
    this.#wake.addEventListener('click', () => this.#say('wake', {}));
    this.#resolve.addEventListener('click', () => this.#open(this.#resolve, () => this.#resolveForm()));
    this.#snooze.addEventListener('click', () => this.#open(this.#snooze, () => this.#snoozeForm()));
    this.#assign.addEventListener('click', () => this.#open(this.#assign, () => this.#assignForm()));
    this.#comment.addEventListener('click', () => this.#open(this.#comment, () => this.#commentForm()));
    this.#panel.addEventListener('keydown', (event) => {
      if (event.key === 'Escape') this.#close();
    });
    for (const opener of [this.#snooze, this.#assign, this.#comment, this.#resolve]) {
      opener.setAttribute('aria-expanded', 'false');
    }
    const buttons = [this.#acknowledge, this.#wake, this.#snooze, this.#assign, this.#comment, this.#resolve];
    const bar = element('div', 'bar', ...buttons);
    bar.setAttribute('role', 'group');
    bar.setAttribute('aria-label', `Decide about ${exception.shipmentId}`);
    this.node.append(bar, this.#panel, this.#error);
  }

  update(exception: ExceptionView, pending: PendingDecision | undefined, now: number): void {
    this.#exception = exception;
    this.#now = now;
    const sent = pending !== undefined && pending.step !== 'failed' ? pending : undefined;
    this.#showAcknowledge(exception, sent, now);
    this.#wake.hidden = exception.state !== 'snoozed';
    setText(this.#snooze, exception.state === 'snoozed' ? 'Snooze longer' : 'Snooze');
    for (const button of [this.#wake, this.#snooze, this.#assign, this.#comment, this.#resolve]) {
      button.disabled = sent?.step === 'sending';
    }
    setText(this.#error, pending?.step === 'failed' ? pending.error : '');
  }

  #showAcknowledge(e: ExceptionView, sent: PendingDecision | undefined, now: number): void {
    const open = e.state === 'open' && sent?.verdict !== 'acknowledge';
    const overdue = e.responseDueAt < now;
    this.#acknowledge.hidden = e.state === 'snoozed';
    this.#acknowledge.disabled = !open;
    const due = overdue ? 'answer is overdue' : `answer due ${relativeWords(e.responseDueAt, now)}`;
    const taken = sent?.verdict === 'acknowledge' ? 'Taken on' : plainWords(e.state);
    setText(this.#acknowledge, open ? `Take it on · ${due}` : taken);
    setAttribute(this.#acknowledge, 'data-overdue', String(open && overdue));
  }

  #say(verdict: ExceptionVerdict, body: DecisionBody): void {
    this.#close();
    this.#decide(this.#exception, verdict, body);
  }

  #open(opener: HTMLButtonElement, form: () => readonly HTMLElement[]): void {
    const wasOpen = this.#opened === opener;
    this.#close();
    if (wasOpen) return;
    this.#opened = opener;
    opener.setAttribute('aria-expanded', 'true');
    this.#panel.replaceChildren(
      ...form(),
      buttonElement('link', 'Back', () => this.#close()),
    );
    this.#panel.hidden = false;
    this.#panel.querySelector<HTMLElement>('input, textarea, button')?.focus();
  }

  #close(): void {
    const opener = this.#opened;
    if (opener === undefined) return;
    const hadFocus = this.#panel.contains(document.activeElement);
    this.#opened = undefined;
    opener.setAttribute('aria-expanded', 'false');
    this.#panel.hidden = true;
    this.#panel.replaceChildren();
    if (hadFocus) opener.focus();
  }

  #snoozeForm(): readonly HTMLElement[] {
    const custom = element('input');
    custom.type = 'datetime-local';
    custom.setAttribute('aria-label', 'Snooze until');
    custom.value = localField(this.#now + 86_400_000);
    const buttons = snoozeTimes(this.#now).map(({ words, until }) =>
      buttonElement('quiet', words, () => this.#say('snooze', { until })),
    );
    const until = buttonElement('quiet', 'Until then', () => {
      const at = new Date(custom.value).getTime();
      if (Number.isNaN(at)) custom.focus();
      else this.#say('snooze', { until: at });
    });
    return [...buttons, custom, until];
  }

  #assignForm(): readonly HTMLElement[] {
    const name = element('input');
    name.setAttribute('aria-label', 'Assign to');
    name.placeholder = 'Name';
    name.maxLength = 120;
    const give = (): void => {
      const assignee = name.value.trim();
      if (assignee === '') name.focus();
      else this.#say('assign', { assignee });
    };
    onEnter(name, give);
    const me = this.#desk.me();
    const forms: HTMLElement[] = [];
    if (me !== '' && me !== this.#exception.assignee) {
      forms.push(buttonElement('quiet', 'To me', () => this.#say('assign', { assignee: me })));
    }
    forms.push(name, buttonElement('quiet', 'Assign', give));
    if (this.#exception.assignee !== null) {
      forms.push(buttonElement('quiet', 'Give it back', () => this.#say('assign', { assignee: null })));
    }
    return forms;
  }

  #commentForm(): readonly HTMLElement[] {
    const note = element('textarea');
    note.setAttribute('aria-label', 'Comment');
    note.placeholder = 'For whoever looks next';
    note.maxLength = 4_000;
    note.rows = 2;
    const send = (): void => {
      if (note.value.trim() === '') note.focus();
      else this.#say('comment', { note: note.value.trim() });
    };
    note.addEventListener('keydown', (event) => {
      if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) send();
    });
    return [note, buttonElement('primary', 'Comment', send)];
  }

  #resolveForm(): readonly HTMLElement[] {
    const note = element('input');
    note.setAttribute('aria-label', 'How it ended');
    note.placeholder = 'How it ended, if you like';
    note.maxLength = 500;
    const send = (): void => this.#say('resolve', { note: note.value.trim() });
    onEnter(note, send);
    return [note, buttonElement('primary', 'It is over', send)];
  }
}

const onEnter = (input: HTMLInputElement, take: () => void): void =>
  input.addEventListener('keydown', (event) => {
    if (event.key === 'Enter') take();
  });
