import MailComposer from 'nodemailer/lib/mail-composer';
import type { Dispatch } from '../../../../domain/dispatch.ts';
import { idPart, replyName } from '../../../../domain/reply-name.ts';
import { stableId } from '../../../../domain/stable-id.ts';
import type { Message } from '../../templates/message.ts';

export interface Envelope {
  readonly from: { readonly name: string; readonly address: string };
  readonly to: { readonly name: string; readonly address: string };
  readonly replyTo?: string;
  readonly sentAt: Date;
}

const domainOf = (address: string): string => address.slice(address.lastIndexOf('@') + 1);

/**
 * Message-ID of what one action tells one recipient: the same on every attempt. A mail system that drops what has the id of
 * something that it has (some do, none must) drops a repetition.
 */
const messageIdOf = ({ id, shipmentId }: Dispatch, to: string, from: string): string =>
  `<${replyName(id, to, shipmentId)}@${domainOf(from)}>`;

/**
 * The id that all messages of one thread to one recipient refer to. No message has it: so none has to remember which was the
 * first, and mail programs still put together what refers to the same (RFC 5322 §3.6.4).
 */
export const threadIdOf = (thread: string, to: string, from: string): string =>
  `<thread.${stableId(thread, to.toLowerCase())}@${domainOf(from)}>`;

/** A message as an e-mail of text and HTML, RFC 5322 and MIME. */
export const composeEmail = (action: Dispatch, message: Message, { from, to, replyTo, sentAt }: Envelope) => {
  const thread = action.thread === '' ? action.exceptionId : action.thread;
  const root = threadIdOf(thread, to.address, from.address);
  return new MailComposer({
    from,
    to,
    ...(replyTo === undefined ? {} : { replyTo }),
    subject: message.subject,
    text: message.text,
    html: message.html,
    date: sentAt,
    messageId: messageIdOf(action, to.address, from.address),
    inReplyTo: root,
    references: [root],
    headers: {
      'X-Forewarn-Action': idPart(action.id),
      'Content-Language': message.language,
      // No robot answers it (RFC 3834).
      'Auto-Submitted': 'auto-generated',
    },
    disableFileAccess: true,
    disableUrlAccess: true,
  })
    .compile()
    .build();
};
