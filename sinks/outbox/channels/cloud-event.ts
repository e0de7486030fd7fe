import type { Action } from '../../../domain/action.ts';
import type { Dispatch } from '../../../domain/dispatch.ts';

export const cloudEventType = (action: Action): string => `io.forewarn.action.${action.type}.v1`;

/**
 * An action as a CloudEvents 1.0 event in structured mode. It says nothing about the attempt: sent again, the same
 * version of an action is the same bytes under the same id. Of those who are to be told it names ids and languages: what
 * addresses they have, the receiver knows better. A digest names every action that it speaks for.
 */
export const cloudEventOf = (action: Dispatch): string =>
  JSON.stringify({
    specversion: '1.0',
    id: action.id,
    source: '/forewarn',
    type: cloudEventType(action),
    subject: action.shipmentId,
    time: new Date(action.dueAt ?? action.at).toISOString(),
    datacontenttype: 'application/json',
    data: {
      action: {
        id: action.id,
        version: action.version,
        type: action.type,
        playbook: action.playbook,
        step: action.step,
        customerId: action.customerId,
        costMinor: action.costMinor,
        authority: action.authority,
        decidedBy: action.decidedBy,
        dueAt: action.dueAt,
        expiresAt: action.expiresAt,
      },
      shipmentId: action.shipmentId,
      exceptionId: action.exceptionId,
      facts: action.facts,
      template: action.template,
      recipients: action.recipients.map(({ id, language }) => ({ id, language })),
      thread: action.thread,
      covers: action.covers.map(({ actionId, shipmentId, exceptionId }) => ({
        actionId,
        shipmentId,
        exceptionId,
      })),
    },
  });
