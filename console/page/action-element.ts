import { nameWords, stateWords } from './action-words.ts';
import { ChoiceElement } from './choice-element.ts';
import type { ActionView } from './contract.ts';
import { element, setAttribute, setText } from './element.ts';
import type { PendingDecision } from './page-model.ts';
import { moneyWords, plainWords } from './plain-words.ts';

export type Decide = (action: ActionView, verdict: 'approve' | 'refuse', reason: string) => void;

/** One thing that was done, or waits for somebody to allow it. */
export class ActionElement {
  readonly node = element('li', 'action');
  readonly #name = element('span', 'action-name');
  readonly #state = element('span', 'action-state');
  readonly #error = element('p', 'error');
  readonly #decide: Decide;
  #choices: ChoiceElement | undefined;
  #action: ActionView;

  constructor(action: ActionView, decide: Decide) {
    this.#action = action;
    this.#decide = decide;
    this.#error.setAttribute('role', 'alert');
    this.node.append(element('div', 'action-line', this.#name, this.#state), this.#error);
  }

  update(
    action: ActionView,
    currency: string | null,
    pending: PendingDecision | undefined,
    now: number,
  ): void {
    this.#action = action;
    const cost = action.costMinor > 0 ? ` · ${moneyWords(action.costMinor, currency)}` : '';
    setText(this.#name, `${nameWords(action)}${cost}`);
    setText(this.#state, stateWords(action, pending, now));
    setAttribute(this.node, 'data-state', shownState(action, pending));
    this.#offer(
      action.state === 'awaiting_approval' && pending?.step !== 'taken',
      pending?.step === 'sending',
    );
    setText(this.#error, pending?.step === 'failed' ? pending.error : '');
  }

  /** Buttons are made when they are first needed: most actions never ask anybody. */
  #offer(wanted: boolean, sending: boolean): void {
    if (wanted && this.#choices === undefined) {
      const { type, shipmentId } = this.#action;
      this.#choices = new ChoiceElement(`${plainWords(type)} for ${shipmentId}`, (verdict, reason) =>
        this.#decide(this.#action, verdict, reason),
      );
      this.#error.before(this.#choices.node);
    }
    if (this.#choices === undefined) return;
    this.#choices.node.hidden = !wanted;
    this.#choices.disable(sending);
  }
}

const shownState = (action: ActionView, pending: PendingDecision | undefined): string =>
  pending === undefined || pending.step === 'failed'
    ? action.state
    : pending.verdict === 'approve'
      ? 'due'
      : 'refused';
