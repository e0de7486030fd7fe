import { isAcknowledgement } from '../../../domain/alert-steps.ts';
import type { Dispatch } from '../../../domain/dispatch.ts';
import type { Channel } from '../channel.ts';
import type { Message } from '../templates/message.ts';
import { atMost } from './at-most.ts';
import { jsonPost } from './json-post.ts';
import type { ChatOptions } from './slack.ts';

export interface PagerDutyOptions extends ChatOptions {
  /** Integration key of the service: a secret. */
  readonly routingKey: string;
}

/** Bands of severity as the four words that PagerDuty has. */
const severities: Readonly<Record<string, 'critical' | 'error' | 'warning' | 'info'>> = {
  critical: 'critical',
  high: 'error',
  medium: 'warning',
  low: 'info',
  info: 'info',
};

const eventActionOf = (action: Dispatch): 'trigger' | 'acknowledge' | 'resolve' => {
  if (isAcknowledgement(action)) return 'acknowledge';
  return action.compensates === null ? 'trigger' : 'resolve';
};

/**
 * An event of Events API v2. All of one exception have one `dedup_key`, its id: the first triggers an alert, the others are added
 * to it; that somebody has seen it at the desk acknowledges it, and what makes an earlier one good, an all-clear, a
 * compensation or a stand-down once the exception is over, resolves it.
 */
export const pagerDutyBody = (action: Dispatch, message: Message, routingKey: string) => ({
  routing_key: routingKey,
  event_action: eventActionOf(action),
  dedup_key: atMost(action.exceptionId, 255),
  client: 'Forewarn',
  payload: {
    summary: atMost(message.subject, 1_024),
    source: `shipment ${action.shipmentId}`,
    severity: severities[String(action.facts['band'])] ?? 'warning',
    timestamp: new Date(action.dueAt ?? action.at).toISOString(),
    component: action.shipmentId,
    group: action.customerId ?? 'no customer',
    class: String(action.facts['category'] ?? action.type),
    custom_details: { ...action.facts, action: action.id, playbook: action.playbook, text: message.text },
  },
});

/**
 * Triggers and resolves alerts of PagerDuty. It recognises a repetition by `dedup_key` while the alert is open, so an attempt
 * without an answer is sent again: effect once. Only an alert that a person resolved between the two would open a second time.
 * 429 and 5xx → retry; 400 is a no.
 */
export const pagerDuty = ({ templates, reader, routingKey, ...options }: PagerDutyOptions): Channel => {
  const body = (key: string) => (action: Dispatch) =>
    pagerDutyBody(action, templates.render(action, reader), key);
  return jsonPost({
    ...options,
    secrets: [routingKey],
    deduplicates: true,
    body: body(routingKey),
    draft: body('***'),
  });
};
