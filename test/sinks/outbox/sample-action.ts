import { actionResult, type ActionResult } from '../../../domain/action.ts';
import { dispatch, type Dispatch } from '../../../domain/dispatch.ts';
import { attemptEntry, type AttemptEntry } from '../../../sinks/outbox/attempt-ledger.ts';
import type { Log } from '../../../runtime/log/log.ts';
import type { MemoryLog } from '../../support/memory-log.ts';

export const outboxTestTopics = {
  actions: 2,
  dispatches: 2,
  'action-results': 2,
  'action-attempts': 2,
  'dead-letters': 1,
};

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

const write = (log: Log, topic: 'actions' | 'dispatches', row: Dispatch) =>
  log.append(topic, { key: row.shipmentId, value: encoder.encode(JSON.stringify(row)) });

/** What `resolve` says alone; the customer's step has not seen it yet. */
export const decideAction = (log: Log, changes: Partial<Dispatch> = {}) =>
  write(log, 'actions', sampleAction(changes));

/** What the customer's step makes of it. */
export const writeDispatch = (log: Log, changes: Partial<Dispatch> = {}) =>
  write(log, 'dispatches', sampleAction(changes));

/** Both, one after the other: what is due leaves, and what is not is called off. */
export const writeAction = async (log: Log, changes: Partial<Dispatch> = {}) => {
  await decideAction(log, changes);
  const { state } = sampleAction(changes);
  if (state === 'due' || state === 'cancelled') await writeDispatch(log, changes);
};

const decoder = new TextDecoder();

export const resultsIn = (log: MemoryLog): ActionResult[] =>
  log.all('action-results').map(({ value }) => actionResult.parse(JSON.parse(decoder.decode(value))));

export const attemptsIn = (log: MemoryLog): AttemptEntry[] =>
  log.all('action-attempts').map(({ value }) => attemptEntry.parse(JSON.parse(decoder.decode(value))));
