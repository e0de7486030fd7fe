import { randomUUID } from 'node:crypto';
import type { Decide } from '../../console/decisions.ts';
import type { Decision } from '../../domain/decision.ts';
import { decisions } from '../../pipelines/topics.ts';
import type { Log } from '../log/log.ts';

/** Writes a person's decision to the log; from there it is an event like any other, and replay knows it. */
export const decideIn =
  (log: Log): Decide =>
  async (request) => {
    const id = randomUUID();
    const at = log.closedUntil;
    const decision: Decision = {
      roles: ['*'],
      until: null,
      assignee: null,
      causeId: null,
      ...request,
      id,
      at,
      heardAt: at,
      source: { feed: 'console', document: id, position: 0, decoder: 'console', mapping: null },
    };
    await log.append(
      decisions.name,
      { key: decision.shipmentId, value: decisions.write(decision) },
      { documentId: id },
    );
    return { id };
  };
