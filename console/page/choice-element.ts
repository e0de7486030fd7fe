import { element } from './element.ts';

/** Codes, so that the review can count them; the words are for people. */
const refusals = [
  ['not_needed', 'Not needed'],
  ['too_costly', 'Too costly'],
  ['wrong_facts', 'Facts are wrong'],
  ['other', 'Other'],
] as const;

type Choose = (verdict: 'approve' | 'refuse', reason: string) => void;

/** Approve in one click, refuse in two: the second says why. */
export class ChoiceElement {
  readonly node = element('div', 'choices');
  readonly #approve = button('primary', 'Approve');
  readonly #refuse = button('quiet', 'Refuse');
  readonly #why = element('div', 'why', element('span', '', 'Why?'));

  constructor(subject: string, choose: Choose) {
    this.#approve.setAttribute('aria-label', `Approve: ${subject}`);
    this.#refuse.setAttribute('aria-label', `Refuse: ${subject}`);
    this.#approve.addEventListener('click', () => choose('approve', 'none'));
    this.#refuse.addEventListener('click', () => this.#ask(true));
    for (const [reason, words] of refusals) {
      const node = button('quiet', words);
      node.addEventListener('click', () => {
        this.#ask(false);
        choose('refuse', reason);
      });
      this.#why.append(node);
    }
    const back = button('link', 'Back');
    back.addEventListener('click', () => this.#ask(false));
    this.#why.append(back);
    this.node.append(this.#approve, this.#refuse, this.#why);
    this.#ask(false);
  }

  disable(disabled: boolean): void {
    for (const node of this.node.querySelectorAll('button')) node.disabled = disabled;
  }

  #ask(why: boolean): void {
    const hadFocus = this.node.contains(document.activeElement);
    this.#approve.hidden = why;
    this.#refuse.hidden = why;
    this.#why.hidden = !why;
    if (hadFocus) (why ? this.#why.querySelector('button') : this.#refuse)?.focus();
  }
}

const button = (className: string, words: string): HTMLButtonElement => {
  const node = element('button', className, words);
  node.type = 'button';
  return node;
};
