import { z } from 'zod';
import { eventBase } from './event.ts';
import { id } from './schema.ts';

export const inquiryChannels = ['email', 'phone', 'sms', 'chat', 'ticket', 'web'] as const;
export const inquiryTopics = [
  'where_is_it',
  'delay',
  'damage',
  'loss',
  'change_wanted',
  'reply',
  'complaint',
  'other',
] as const;

/** A customer asked, or answered: what good news in time would have spared. The text stays where it was written. */
export const inquiry = eventBase.extend({
  customerId: id,
  shipmentId: id,
  channel: z.enum(inquiryChannels),
  about: z.enum(inquiryTopics).default('other'),
  /** The message of ours that it answers: the Message-ID of an e-mail tells its shipment (`reply-name.ts`). */
  inReplyTo: z.string().max(998).nullable().default(null),
  /** Number of the ticket or call in the sender's system. */
  reference: z.string().max(200).nullable().default(null),
});
export type Inquiry = z.infer<typeof inquiry>;
