import { buttonElement } from './button-element.ts';
import type { RefusalReason } from './contract.ts';
import { element, setText } from './element.ts';

type Choose = (verdict: 'approve' | 'refuse', reason: string, note: string) => void;

/** Approve in one click, refuse in two: the second says why, and where the code does not, the third in words. */
export class ChoiceElement {
  readonly node = element('div', 'choices');
  readonly #approve = buttonElement('primary', 'Approve');
  readonly #refuse = buttonElement('quiet', 'Refuse');
  readonly #why = element('div', 'why');
  readonly #reasons: () => readonly RefusalReason[];
  readonly #choose: Choose;

  constructor(subject: string, choose: Choose, reasons: () => readonly RefusalReason[]) {
    this.#choose = choose;
    this.#reasons = reasons;
    this.name(subject, 'Approve', 'Refuse');
    this.#why.setAttribute('role', 'group');
    this.#why.setAttribute('aria-label', `Why refuse: ${subject}`);
    this.#approve.addEventListener('click', () => choose('approve', 'none', ''));
    this.#refuse.addEventListener('click', () => this.#ask());
    this.#why.addEventListener('keydown', (event) => {
      if (event.key === 'Escape') this.#close();
    });
    this.node.append(this.#approve, this.#refuse, this.#why);
    this.#why.hidden = true;
  }

  /** What the two buttons say, and whether there is anything to approve. */
  name(subject: string, approve: string, refuse: string): void {
    setText(this.#approve, approve);
    setText(this.#refuse, refuse);
    this.#approve.setAttribute('aria-label', `${approve}: ${subject}`);
    this.#refuse.setAttribute('aria-label', `${refuse}: ${subject}`);
  }

  disable(disabled: boolean): void {
    for (const node of this.node.querySelectorAll('button')) node.disabled = disabled;
  }

  /** Approved by this person already: refusing is all that is left. */
  offerApproval(offered: boolean): void {
    this.#approve.hidden = !offered || !this.#why.hidden;
  }

  #ask(): void {
    const buttons = this.#reasons().map(({ code, words, noteNeeded }) =>
      buttonElement('quiet', words, () => (noteNeeded ? this.#askInWords(code) : this.#refuseFor(code, ''))),
    );
    this.#show(element('span', '', 'Why?'), ...buttons);
    buttons[0]?.focus();
  }

  #askInWords(code: string): void {
    const input = element('input');
    input.setAttribute('aria-label', 'The reason in words');
    input.placeholder = 'In words';
    input.maxLength = 500;
    const send = (): void => {
      if (input.value.trim() === '') input.focus();
      else this.#refuseFor(code, input.value.trim());
    };
    input.addEventListener('keydown', (event) => {
      if (event.key === 'Enter') send();
    });
    this.#show(input, buttonElement('primary', 'Refuse', send));
    input.focus();
  }

  #show(...content: readonly Node[]): void {
    this.#why.replaceChildren(
      ...content,
      buttonElement('link', 'Back', () => this.#close()),
    );
    this.#approve.hidden = true;
    this.#refuse.hidden = true;
    this.#why.hidden = false;
  }

  #refuseFor(code: string, note: string): void {
    this.#close();
    this.#choose('refuse', code, note);
  }

  #close(): void {
    const hadFocus = this.node.contains(document.activeElement);
    this.#approve.hidden = false;
    this.#refuse.hidden = false;
    this.#why.hidden = true;
    if (hadFocus) this.#refuse.focus();
  }
}
