import { ForewarnError } from '../runtime/forewarn-error.ts';
import type { SentAnswer } from './answered-requests.ts';
import type { BulkAnswer } from './page/contract.ts';

/** Decisions under way to the log at once: it writes those together. */
const atOnce = 256;

/**
 * One decision for each, every one taken or refused by itself. 202 where at least one was taken; 403 where the role
 * was missing for all of them, else 409. What is our fault, or the log's, fails the whole request: sent again with its
 * idempotency key, it goes on where it stopped.
 */
export const decideMany = async (
  ids: readonly string[],
  decide: (id: string) => Promise<{ readonly decision: string }>,
): Promise<SentAnswer> => {
  const decisions: { id: string; decision: string }[] = [];
  const refused: { id: string; code: string; error: string }[] = [];
  const decideOne = async (id: string): Promise<void> => {
    try {
      decisions.push({ id, decision: (await decide(id)).decision });
    } catch (error) {
      if (!(error instanceof ForewarnError) || !refusals.has(error.code)) throw error;
      refused.push({ id, code: error.code, error: error.message });
    }
  };
  for (let from = 0; from < ids.length; from += atOnce) {
    const settled = await Promise.allSettled(ids.slice(from, from + atOnce).map(decideOne));
    for (const result of settled) if (result.status === 'rejected') throw result.reason;
  }
  const taken = decisions.length;
  const body: BulkAnswer = { taken, decisions, refused };
  if (taken > 0) return { status: 202, body };
  const lacksRole = refused.length > 0 && refused.every(({ code }) => code === 'FW707');
  const error = lacksRole
    ? new ForewarnError('FW707', `none of ${refused.length} is for a role of yours`)
    : new ForewarnError(
        'FW708',
        refused.length === 0 ? 'nothing waits for it' : `none of ${refused.length} could be decided`,
      );
  return { status: lacksRole ? 403 : 409, body: { ...body, code: error.code, error: error.message } };
};

const refusals: ReadonlySet<string> = new Set(['FW706', 'FW707', 'FW708']);
