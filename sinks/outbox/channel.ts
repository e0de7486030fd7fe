import type { Dispatch } from '../../domain/dispatch.ts';

export interface SendContext {
  /** From 1, counted over restarts. */
  readonly attempt: number;
  /** Aborted when the time is up or the process stops; what was sent by then is `unknown`. */
  readonly signal: AbortSignal;
  /** Whom earlier attempts have reached, as those attempts said in `reached`; they are not told again. */
  readonly reached?: readonly string[];
}

/** What a channel learned from one attempt. */
export interface SendOutcome {
  /**
   * `sent`: the receiver said yes. `refused`: it said no, and would again. `retry`: it certainly did not take it, but
   * may later. `unknown`: the answer was lost, so it may have taken it.
   */
  readonly kind: 'sent' | 'refused' | 'retry' | 'unknown';
  readonly httpStatus?: number;
  /** How long the receiver asked us to wait. */
  readonly retryAfterMs?: number;
  readonly error?: string;
  /**
   * Of several recipients those that need no further attempt, as keys without their addresses. They are written into the
   * ledger with the answer, so that no later attempt tells them again, not even one after a restart.
   */
  readonly reached?: readonly string[];
}

/** What would be sent to one recipient, or to the one receiver that there is. */
export interface Draft {
  readonly extension: 'json' | 'eml' | 'txt';
  readonly content: string;
}

/** A way out of the house. Each channel's doc states what happens to an action that is sent twice. */
export interface Channel {
  /** Whether the receiver recognises an action by its id, so that sending it again does nothing twice. */
  readonly deduplicates: boolean;
  /** Never rejects for what a receiver did; a rejection counts as `unknown`. */
  send(action: Dispatch, context: SendContext): Promise<SendOutcome>;
  /** What `send` would send, without secrets. Throws where nothing can be made of the action. */
  draft?(action: Dispatch): readonly Draft[] | Promise<readonly Draft[]>;
  close?(): void;
}
