import { randomUUID } from 'node:crypto';
import type { Decide } from '../../console/decisions.ts';
import type { Decision } from '../../domain/decision.ts';
import { decisions } from '../../pipelines/topics.ts';
import type { Log } from '../log/log.ts';
import { appendRow } from '../log/topic-rows.ts';

/**
 * Writes a person's decision to the log; from there it is an event like any other, and replay knows it. One whose id
 * is given, because its request has an idempotency key, is written once however often it is asked for.
 */
export const decideIn =
  (log: Log): Decide =>
  async (request) => {
    const id = request.id ?? randomUUID();
    const at = log.closedUntil;
    const decision: Decision = {
      ...request,
      id,
      at,
      heardAt: at,
      source: { feed: 'console', document: id, position: 0, decoder: 'console', mapping: null },
    };
    await appendRow(log, decisions, decision, id);
    return { id };
  };
