import type { DeadLetter } from '../../domain/dead-letter.ts';
import type { Dispatch } from '../../domain/dispatch.ts';
import { stableId } from '../../domain/stable-id.ts';
import { codeVersion } from '../../runtime/package-root.ts';
import type { DueAction } from './due-actions.ts';
import type { Finding } from './findings.ts';
import { outboxTopics } from './outbox-topics.ts';

/** The dead letter of a dispatch that used up its attempts: what should have been sent, where, and why it was not. */
export const deadAction = (
  { id, partition, offset, shipmentId, destination }: DueAction,
  content: Dispatch | undefined,
  { error }: Finding,
  now: number,
): DeadLetter => ({
  id: stableId('dead-letter', 'outbox', id),
  at: now,
  heardAt: now,
  stage: 'sink',
  feed: outboxTopics.dispatches,
  document: id,
  position: 0,
  step: destination ?? 'outbox',
  code: 'FW720',
  reason: `destination "${destination ?? ''}": ${error ?? 'gave up'}; mend it, and tell whom it concerns by hand`,
  bytes: Buffer.from(content === undefined ? '' : JSON.stringify(content)).toString('base64'),
  codeVersion,
  origin: { topic: outboxTopics.dispatches, partition, offset, key: shipmentId, contentType: null },
});
