import type { Action } from '../action.ts';

/** An action that nobody ever says the end of is let go after this time. */
export const KEPT_MS = 30 * 86_400_000;

/** What only the dispatcher says: then it has left, or could not. */
export const foundOut: ReadonlySet<Action['state']> = new Set([
  'sent',
  'uncertain',
  'confirmed',
  'failed',
  'suppressed',
]);
