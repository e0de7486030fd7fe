import { z } from 'zod';
import { id, instant } from '../../domain/schema.ts';
import { stableId } from '../../domain/stable-id.ts';
import type { NewRecord } from '../../runtime/log/log.ts';

/** An action that a digest spoke for, and where its result goes. */
export const coveredRef = z.object({ actionId: id, shipmentId: id, exceptionId: id });
export type CoveredRef = z.infer<typeof coveredRef>;

/**
 * One line of the ledger in topic `action-attempts`: an attempt has begun, or has been answered. Begun without answer
 * after a crash means that nobody knows what the receiver got.
 */
export const attemptEntry = z.object({
  id,
  /** Log time. */
  at: instant,
  actionId: id,
  shipmentId: id,
  exceptionId: id,
  destination: z.string(),
  /** From 1, counted over restarts. */
  attempt: z.int().min(1),
  phase: z.enum(['begun', 'answered']),
  /** `withdrawn`: called off after it was written down and before anything was sent. Null while it is only begun. */
  outcome: z.enum(['sent', 'refused', 'retry', 'unknown', 'withdrawn']).nullable(),
  httpStatus: z.int().nullable(),
  error: z.string().nullable(),
  durationMs: z.number().nullable(),
  /** Of a digest: for which actions this attempt speaks, or spoke. */
  covers: z.array(coveredRef).default([]),
  /** Recipients that need no further attempt, as the channel named them; see `SendOutcome`. */
  reached: z.array(z.string()).default([]),
});
export type AttemptEntry = z.infer<typeof attemptEntry>;
export type AttemptOutcome = NonNullable<AttemptEntry['outcome']>;

/** What the ledger says about an action: all that a dispatcher needs to go on after a restart. */
export interface AttemptHistory {
  attempts: number;
  /** The last one has begun, and nothing is known of its end. */
  isOpen: boolean;
  /** The answer of some attempt was lost: the receiver may have it. */
  maybeReceived: boolean;
  /** Whom the last attempt of a digest spoke for. */
  covers: readonly CoveredRef[];
  /** Whom earlier ones spoke for whose answer was lost. */
  doubtful: readonly CoveredRef[];
  /** Of several recipients those that no further attempt tells again. */
  reached: readonly string[];
  last: Pick<AttemptEntry, 'outcome' | 'httpStatus' | 'error'>;
}

export const newHistory = (): AttemptHistory => ({
  attempts: 0,
  isOpen: false,
  maybeReceived: false,
  covers: [],
  doubtful: [],
  reached: [],
  last: { outcome: null, httpStatus: null, error: null },
});

/** The answer of the last attempt was lost: it may have been received. */
export const loseAnswer = (history: AttemptHistory): void => {
  history.maybeReceived = true;
  const known = new Set(history.doubtful.map(({ actionId }) => actionId));
  history.doubtful = [...history.doubtful, ...history.covers.filter(({ actionId }) => !known.has(actionId))];
};

/** Ledger lines are read in order; an attempt that follows an open one means that its answer was lost. */
export const addToHistory = (history: AttemptHistory, entry: AttemptEntry): void => {
  if (entry.phase === 'begun') {
    if (history.isOpen) loseAnswer(history);
    history.attempts = Math.max(history.attempts, entry.attempt);
    history.isOpen = true;
    history.covers = entry.covers;
    return;
  }
  history.isOpen = false;
  history.covers = entry.covers;
  if (entry.outcome === 'unknown') loseAnswer(history);
  history.reached = [...new Set([...history.reached, ...entry.reached])];
  history.last = { outcome: entry.outcome, httpStatus: entry.httpStatus, error: entry.error };
};

const encoder = new TextEncoder();

export const attemptRecord = (entry: Omit<AttemptEntry, 'id'>): NewRecord => {
  const entryId = stableId('attempt', entry.actionId, entry.attempt, entry.phase);
  return { key: entry.shipmentId, value: encoder.encode(JSON.stringify({ id: entryId, ...entry })) };
};
