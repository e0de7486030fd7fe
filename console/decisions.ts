import type { Decision } from '../domain/decision.ts';
import { type ExceptionEvent, exceptionTransitions } from '../domain/lifecycle.ts';
import type { Action } from '../domain/action.ts';
import { ForewarnError } from '../runtime/forewarn-error.ts';
import type { Board } from './board.ts';
import { isOpen } from './board-row.ts';

/** A person's word, before the log gives it time and provenance. */
export type DecisionRequest = Pick<
  Decision,
  | 'verdict'
  | 'shipmentId'
  | 'exceptionId'
  | 'actionId'
  | 'by'
  | 'roles'
  | 'until'
  | 'assignee'
  | 'causeId'
  | 'reason'
  | 'note'
> & {
  /** Made of the sender's idempotency key; null where there was none, and the log's side makes one up. */
  readonly id: string | null;
};

/** Resolves when the decision is durable in the log. */
export type Decide = (request: DecisionRequest) => Promise<{ readonly id: string }>;

export type ActionVerdict = 'approve' | 'refuse';
export type ExceptionVerdict = Exclude<Decision['verdict'], ActionVerdict>;

/** Who decides, as what, and what they say to it. */
export type Words = Pick<DecisionRequest, 'by' | 'roles' | 'reason' | 'note' | 'id'> &
  Partial<Pick<DecisionRequest, 'until' | 'assignee' | 'causeId'>>;

/** What a verdict does to an exception's life; the others leave its state alone. */
const eventOf: Partial<Record<ExceptionVerdict, ExceptionEvent>> = {
  acknowledge: 'acknowledge',
  resolve: 'condition_cleared',
  wake: 'wake',
};

/** What was decided about a version, until the pipeline answers with the next one. */
interface Undelivered {
  readonly version: number;
  readonly said: readonly { readonly verdict: string; readonly by: string }[];
}

/** The longest that anybody may look away. */
const LONGEST_SNOOZE_MS = 30 * 86_400_000;

/**
 * Takes each decision once. Between the log's word and the pipeline's answer the board still shows the action
 * as waiting; what was decided about that version is remembered, so that a second click does not decide again, and
 * the second of two people may still approve. What cannot be taken is thrown: FW706, FW707, FW708.
 */
export class DecisionDesk {
  readonly #board: Board;
  readonly #decide: Decide;
  readonly #now: () => number;
  readonly #undelivered = new Map<string, Undelivered>();
  #tidyAt = 256;

  constructor(board: Board, decide: Decide, now: () => number) {
    this.#board = board;
    this.#decide = decide;
    this.#now = now;
  }

  async action(id: string, verdict: ActionVerdict, words: Words): Promise<{ readonly decision: string }> {
    const before = this.#answered(words.id, verdict, id);
    if (before !== null) return before;
    const action = this.#board.action(id);
    if (action === undefined) throw new ForewarnError('FW706', `action ${id} is not known here`);
    this.#mayDecide(action, words);
    const said = this.#said(id, action.version);
    this.#mayStill(action, verdict, words.by, said);
    const { exceptionId, shipmentId, version } = action;
    return this.#take(id, version, { ...rest(words), verdict, actionId: id, exceptionId, shipmentId });
  }

  async exception(
    id: string,
    verdict: ExceptionVerdict,
    words: Words,
  ): Promise<{ readonly decision: string }> {
    const before = this.#answered(words.id, verdict, id);
    if (before !== null) return before;
    const exception = this.#board.exception(id);
    if (exception === undefined) throw new ForewarnError('FW706', `exception ${id} is not known here`);
    const { state, shipmentId, version } = exception;
    const event = eventOf[verdict];
    const refuse = (why: string): never => {
      throw new ForewarnError('FW708', `exception ${id} takes no ${verdict}: ${why}`);
    };
    if (event !== undefined) {
      const next = exceptionTransitions[state][event];
      if (next === 'stay' || next === 'refuse') refuse(`it is ${state}`);
      if (this.#said(id, version).some((other) => other.verdict === verdict)) {
        refuse('it was decided a moment ago');
      }
    }
    if ((verdict === 'snooze' || verdict === 'assign') && !isOpen(exception)) refuse(`it is ${state}`);
    if (verdict === 'snooze') this.#mayLast(words.until ?? null);
    return this.#take(id, version, { ...rest(words), verdict, actionId: null, exceptionId: id, shipmentId });
  }

  #mayDecide({ id, role }: Action, { by, roles }: Words): void {
    if (role === null || roles.includes('*') || roles.includes(role)) return;
    throw new ForewarnError(
      'FW707',
      `action ${id} is for the role "${role}", and ${by} has ${roles.join(', ')}; let somebody decide who has it`,
    );
  }

  #mayStill(action: Action, verdict: ActionVerdict, by: string, said: Undelivered['said']): void {
    const { id, state, authority, approvals, approvalsNeeded, expiresAt } = action;
    const refuse = (why: string): never => {
      throw new ForewarnError('FW708', `action ${id} ${why}`);
    };
    const isRecommended = state === 'proposed' && authority === 'recommend';
    if (state !== 'awaiting_approval' && !isRecommended) refuse(`waits for nobody: it is ${state}`);
    const approved = approvals.length + said.filter((other) => other.verdict === 'approve').length;
    if (said.some((other) => other.verdict === 'refuse')) refuse('was refused a moment ago');
    if (verdict === 'approve') {
      if (expiresAt !== null && expiresAt <= this.#now()) {
        refuse(`expired at ${new Date(expiresAt).toISOString()}: it would come too late to help`);
      }
      const approvedBefore = [...approvals, ...said.filter((other) => other.verdict === 'approve')];
      if (approvalsNeeded > 1 && approvedBefore.some((other) => other.by === by)) {
        refuse(`was approved by ${by} already: it needs ${approvalsNeeded} different people`);
      }
    }
    if (approved >= Math.max(1, approvalsNeeded)) refuse('was decided a moment ago');
  }

  #mayLast(until: number | null): void {
    const now = this.#now();
    if (until !== null && until > now && until <= now + LONGEST_SNOOZE_MS) return;
    throw new ForewarnError(
      'FW701',
      `until ${until === null ? 'no time' : new Date(until).toISOString()} is not within 30 days from now, ${new Date(now).toISOString()}`,
    );
  }

  /** The answer of before, where this very decision is in the log already. */
  #answered(id: string | null, verdict: string, target: string): { readonly decision: string } | null {
    const known = id === null ? undefined : this.#board.decided(id);
    if (id === null || known === undefined) return null;
    if (known.verdict === verdict && known.target === target) return { decision: id };
    throw new ForewarnError(
      'FW709',
      `this idempotency-key was used to ${known.verdict} ${known.target}; take another one to ${verdict} ${target}`,
    );
  }

  async #take(
    target: string,
    version: number,
    request: DecisionRequest,
  ): Promise<{ readonly decision: string }> {
    this.#tidy();
    const said = this.#said(target, version);
    const mine = { verdict: request.verdict, by: request.by };
    this.#undelivered.set(target, { version, said: [...said, mine] });
    try {
      const { id } = await this.#decide(request);
      return { decision: id };
    } catch (error) {
      const others = this.#said(target, version).filter((other) => other !== mine);
      this.#undelivered.set(target, { version, said: others });
      throw error;
    }
  }

  #said(target: string, version: number): Undelivered['said'] {
    const known = this.#undelivered.get(target);
    return known !== undefined && known.version >= version ? known.said : [];
  }

  /** Drops what the pipeline has answered since, which bounds the memory by what still waits. */
  #tidy(): void {
    if (this.#undelivered.size < this.#tidyAt) return;
    for (const [id, { version }] of this.#undelivered) {
      const now = this.#board.action(id)?.version ?? this.#board.exception(id)?.version ?? Infinity;
      if (now > version) this.#undelivered.delete(id);
    }
    this.#tidyAt = Math.max(256, 2 * this.#undelivered.size);
  }
}

const rest = ({ by, roles, reason, note, id, until = null, assignee = null, causeId = null }: Words) => ({
  by,
  roles: [...roles],
  reason,
  note,
  id,
  until,
  assignee,
  causeId,
});
