import { isAsking, nameWords, stateWords } from './action-words.ts';
import { ChoiceElement } from './choice-element.ts';
import type { ActionView } from './contract.ts';
import { type DeskContext, hasRole } from './desk-context.ts';
import { element, setAttribute, setText } from './element.ts';
import type { PendingDecision } from './page-model.ts';
import { moneyWords, plainWords } from './plain-words.ts';

export type DecideAction = (
  action: ActionView,
  verdict: 'approve' | 'refuse',
  reason: string,
  note: string,
) => void;

/** One thing that was done, or waits for somebody to allow it. */
export class ActionElement {
  readonly node = element('li', 'action');
  readonly #name = element('span', 'action-name');
  readonly #state = element('span', 'action-state');
  readonly #mine = element('p', 'mine');
  readonly #error = element('p', 'error');
  readonly #decide: DecideAction;
  readonly #desk: DeskContext;
  #choices: ChoiceElement | undefined;
  #action: ActionView;

  constructor(action: ActionView, decide: DecideAction, desk: DeskContext) {
    this.#action = action;
    this.#decide = decide;
    this.#desk = desk;
    this.#error.setAttribute('role', 'alert');
    this.node.append(element('div', 'action-line', this.#name, this.#state), this.#mine, this.#error);
  }

  update(action: ActionView, pending: PendingDecision | undefined, now: number): void {
    this.#action = action;
    const cost = action.costMinor > 0 ? ` · ${moneyWords(action.costMinor, action.costCurrency)}` : '';
    setText(this.#name, `${nameWords(action)}${cost}`);
    setText(this.#state, stateWords(action, pending, now));
    setAttribute(this.node, 'data-state', shownState(action, pending));
    const asks = isAsking(action) && pending?.step !== 'taken';
    const may = hasRole(this.#desk.caller().roles, action.role);
    const approvedByMe = action.approvals.some(({ by }) => by === this.#desk.me());
    setText(this.#mine, asks ? mineWords(may, approvedByMe, action) : '');
    this.#offer(asks && may, pending?.step === 'sending', !approvedByMe && !isExpired(action, now));
    setText(this.#error, pending?.step === 'failed' ? pending.error : '');
  }

  /** Buttons are made when they are first needed: most actions never ask anybody. */
  #offer(wanted: boolean, sending: boolean, approval: boolean): void {
    if (wanted && this.#choices === undefined) {
      const { type, shipmentId, authority } = this.#action;
      const subject = `${plainWords(type)} for ${shipmentId}`;
      this.#choices = new ChoiceElement(
        subject,
        (verdict, reason, note) => this.#decide(this.#action, verdict, reason, note),
        this.#desk.reasons,
      );
      if (authority === 'recommend') this.#choices.name(subject, 'Done', 'Not this');
      this.#error.before(this.#choices.node);
    }
    if (this.#choices === undefined) return;
    this.#choices.node.hidden = !wanted;
    this.#choices.disable(sending);
    this.#choices.offerApproval(approval);
  }
}

const isExpired = ({ expiresAt }: ActionView, now: number): boolean => expiresAt !== null && expiresAt <= now;

const mineWords = (may: boolean, approvedByMe: boolean, { role }: ActionView): string =>
  approvedByMe
    ? 'You approved it; it needs somebody else too.'
    : may || role === null
      ? ''
      : `Your key has not the role ${plainWords(role).toLowerCase()}.`;

const shownState = (action: ActionView, pending: PendingDecision | undefined): string => {
  if (pending !== undefined && pending.step !== 'failed') {
    return pending.verdict === 'approve' ? 'due' : 'refused';
  }
  if (action.state !== 'due' || action.dispatch === null) return action.state;
  if (action.dispatch.suppressedBecause !== null) return 'suppressed';
  return action.dispatch.heldUntil === null ? 'due' : 'held';
};
