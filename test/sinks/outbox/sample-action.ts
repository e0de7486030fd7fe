import { actionResult, type ActionResult } from '../../../domain/action.ts';
import { dispatch, type Dispatch } from '../../../domain/dispatch.ts';
import { attemptEntry, type AttemptEntry } from '../../../sinks/outbox/attempt-ledger.ts';
import type { Log } from '../../../runtime/log/log.ts';
import type { MemoryLog } from '../../support/memory-log.ts';

export const outboxTestTopics = { actions: 2, 'action-results': 2, 'action-attempts': 2 };

export const sampleAction = (changes: Partial<Dispatch> = {}): Dispatch =>
  dispatch.parse({
    id: 'action-1',
    version: 1,
    at: 1_000,
    heardAt: 1_000,
    exceptionId: 'exception-1',
    shipmentId: 'shipment-1',
    customerId: 'acme',
    type: 'notify_customer',
    playbook: 'delay-predicted',
    step: 'tell-customer',
    destination: 'crm',
    template: 'delay',
    authority: 'auto',
    state: 'due',
    role: null,
    approvalDueAt: null,
    expiresAt: null,
    costMinor: 0,
    decidedBy: null,
    decidedReason: null,
    dueAt: 1_767_225_600_000,
    sentAt: null,
    facts: {
      promisedAt: '2026-01-02T17:00:00Z',
      lateMin: 95,
      carrier: 'SAIA',
      perishable: false,
      note: null,
    },
    ...changes,
  });

const encoder = new TextEncoder();

export const writeAction = (log: Log, changes: Partial<Dispatch> = {}) => {
  const written = sampleAction(changes);
  return log.append('actions', {
    key: written.shipmentId,
    value: encoder.encode(JSON.stringify(written)),
  });
};

const decoder = new TextDecoder();

export const resultsIn = (log: MemoryLog): ActionResult[] =>
  log.all('action-results').map(({ value }) => actionResult.parse(JSON.parse(decoder.decode(value))));

export const attemptsIn = (log: MemoryLog): AttemptEntry[] =>
  log.all('action-attempts').map(({ value }) => attemptEntry.parse(JSON.parse(decoder.decode(value))));
