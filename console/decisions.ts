import { z } from 'zod';
import type { Decision } from '../domain/decision.ts';
import type { Board } from './board.ts';

/** A person's word, before the log gives it id, time and provenance. */
export type DecisionRequest = Pick<
  Decision,
  'verdict' | 'shipmentId' | 'exceptionId' | 'actionId' | 'by' | 'reason' | 'note'
>;

/** Resolves when the decision is durable in the log. */
export type Decide = (request: DecisionRequest) => Promise<{ readonly id: string }>;

export const decisionBody = z.strictObject({
  by: z.string().trim().min(1).max(120),
  reason: z
    .string()
    .regex(/^[a-z0-9_]{1,60}$/)
    .default('none'),
  note: z.string().max(4_000).default(''),
});
export type DecisionWords = z.infer<typeof decisionBody>;

/** What became of it: taken, or why not. */
export type Answer =
  | { readonly status: 202; readonly decision: string }
  | { readonly status: 404 | 409; readonly error: string };

/**
 * Takes each decision once. Between the log's word and the pipeline's answer the board still shows the action
 * as waiting; the version that was decided on is remembered, so that a second click does not decide again.
 */
export class DecisionDesk {
  readonly #board: Board;
  readonly #decide: Decide;
  readonly #decidedAt = new Map<string, number>();

  constructor(board: Board, decide: Decide) {
    this.#board = board;
    this.#decide = decide;
  }

  async action(id: string, verdict: 'approve' | 'refuse', words: DecisionWords): Promise<Answer> {
    const action = this.#board.action(id);
    if (action === undefined) return { status: 404, error: `action ${id} is not known here` };
    if (action.state !== 'awaiting_approval') {
      return { status: 409, error: `action ${id} does not wait for approval: it is ${action.state}` };
    }
    const { exceptionId, shipmentId, version } = action;
    return this.#once(id, version, { verdict, actionId: id, exceptionId, shipmentId, ...words });
  }

  async acknowledge(id: string, words: DecisionWords): Promise<Answer> {
    const exception = this.#board.exception(id);
    if (exception === undefined) return { status: 404, error: `exception ${id} is not known here` };
    if (exception.state !== 'open') {
      return { status: 409, error: `exception ${id} cannot be acknowledged: it is ${exception.state}` };
    }
    const { shipmentId, version } = exception;
    const request = { actionId: null, exceptionId: id, shipmentId, ...words };
    return this.#once(id, version, { verdict: 'acknowledge', ...request });
  }

  async #once(id: string, version: number, request: DecisionRequest): Promise<Answer> {
    const decidedAt = this.#decidedAt.get(id);
    if (decidedAt !== undefined && decidedAt >= version) {
      return { status: 409, error: `${id} was decided a moment ago` };
    }
    this.#forgetAnswered();
    this.#decidedAt.set(id, version);
    try {
      const decision = await this.#decide(request);
      return { status: 202, decision: decision.id };
    } catch (error) {
      this.#decidedAt.delete(id);
      throw error;
    }
  }

  /** Drops what the pipeline has answered since, which bounds the memory by what still waits. */
  #forgetAnswered(): void {
    for (const [id, version] of this.#decidedAt) {
      const now = this.#board.action(id)?.version ?? this.#board.exception(id)?.version ?? Infinity;
      if (now > version) this.#decidedAt.delete(id);
    }
  }
}
