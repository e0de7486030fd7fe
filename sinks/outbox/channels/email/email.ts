import { readFileSync } from 'node:fs';
import type { Clock } from '../../../../runtime/clock.ts';
import type { Dispatch } from '../../../../domain/dispatch.ts';
import { ForewarnError } from '../../../../runtime/forewarn-error.ts';
import type { Channel } from '../../channel.ts';
import type { MessageTemplates } from '../../templates/message-templates.ts';
import { basicCredentials, withoutSecrets } from '../../without-secrets.ts';
import { recipientsOf, type Recipient, tellEach } from '../recipients.ts';
import { composeEmail } from './compose-email.ts';
import { smtpSession, type SmtpOptions } from './smtp-session.ts';

export interface EmailOptions {
  /** The destination's name, for errors. */
  readonly name: string;
  readonly host: string;
  readonly port: number;
  /** `starttls`: begins in the clear and goes on under TLS or not at all. `tls`: from the first byte. `none`: in the clear. */
  readonly security: 'starttls' | 'tls' | 'none';
  /** Certificates to trust besides those that the system trusts, PEM. */
  readonly caFile?: string | undefined;
  readonly user?: string | undefined;
  readonly password?: string | undefined;
  /** `Forewarn <noreply@acme.example>` or the address alone. */
  readonly from: string;
  readonly replyTo?: string | undefined;
  readonly to: readonly string[];
  readonly language: string;
  readonly zone: string;
  readonly templates: MessageTemplates;
  /** Wall time, for the date of a message. */
  readonly clock: Clock;
}

/** One mailbox and nothing that could become two, or a command. */
const mailbox = /^[^\s<>()[\]\\,;:"@\p{Cc}]+@[^\s<>()[\]\\,;:"@\p{Cc}]+$/u;

const senderOf = (text: string, place: string): { name: string; address: string } => {
  const [, name = '', bracketed] = /^(.*?)\s*<([^<>]+)>$/.exec(text.trim()) ?? [];
  const address = bracketed ?? text.trim();
  if (!mailbox.test(address))
    throw new ForewarnError(
      'FW101',
      `${place}: from "${text}" is no address; write one such as "Forewarn <noreply@acme.example>"`,
    );
  return { name: name.replaceAll('"', ''), address };
};

const trusted = (file: string | undefined, place: string): { readonly ca?: string } => {
  if (file === undefined) return {};
  try {
    return { ca: readFileSync(file, 'utf8') };
  } catch (cause) {
    throw new ForewarnError('FW101', `${place}: caFile "${file}" cannot be read; give a PEM file`, { cause });
  }
};

/**
 * Sends messages by SMTP, to each recipient one of their own in their language, with a Message-ID made of the action's id. SMTP
 * knows no idempotency: the receiver does not recognise a repetition. Guarantee: at most once by default: when the connection
 * ends after the text of a message was begun and before the server answered it, the attempt is `unknown`, and is repeated only
 * where the destination says `repeatWhenLost`. 4yz → retry, 5yz → refused, and whatever ends before the text → retry. Of several
 * recipients those that have it are not told again.
 */
export const email = (options: EmailOptions): Channel => {
  const place = `destination "${options.name}"`;
  const from = senderOf(options.from, place);
  const { host, port, security, user, password, templates, clock } = options;
  for (const address of options.to)
    if (!mailbox.test(address))
      throw new ForewarnError('FW101', `${place}: to "${address}" is no address; mend it`);
  if ((user === undefined) !== (password === undefined))
    throw new ForewarnError('FW101', `${place}: user and password go together; give both or neither`);
  const login = user === undefined || password === undefined ? null : { user, pass: password };
  const smtp: SmtpOptions = {
    connection: {
      host,
      port,
      secure: security === 'tls',
      requireTLS: security === 'starttls',
      ignoreTLS: security === 'none',
      tls: trusted(options.caFile, place),
    },
    login,
  };
  const secrets =
    login === null
      ? []
      : [login.pass, basicCredentials(login.user, login.pass), Buffer.from(login.pass).toString('base64')];

  const compose = (action: Dispatch, { address, reader }: Recipient): Promise<Buffer> =>
    composeEmail(action, templates.render(action, reader), {
      from,
      to: { name: reader.name.replaceAll(/\p{Cc}+/gu, ' '), address },
      ...(options.replyTo === undefined ? {} : { replyTo: options.replyTo }),
      sentAt: new Date(clock.now()),
    });
  const toldBy = (action: Dispatch): Recipient[] => recipientsOf(action, { address: 'email', ...options });

  return {
    deduplicates: false,
    draft: async (action) => {
      const drafts = toldBy(action).map((recipient) => compose(action, recipient));
      return (await Promise.all(drafts)).map((content) => ({
        extension: 'eml',
        content: content.toString('utf8'),
      }));
    },
    send: async (action, context) => {
      const recipients = toldBy(action);
      if (recipients.length === 0) return { kind: 'refused', error: 'nobody to tell has an e-mail address' };
      const session = smtpSession(smtp, context.signal);
      try {
        return withoutSecrets(
          await tellEach(recipients, context, async (recipient) => {
            if (!mailbox.test(recipient.address)) return { kind: 'refused', error: 'an address is none' };
            let content: Buffer;
            try {
              content = await compose(action, recipient);
            } catch (cause) {
              return { kind: 'refused', error: cause instanceof Error ? cause.message : String(cause) };
            }
            return session.deliver({ from: from.address, to: recipient.address, content });
          }),
          secrets,
        );
      } finally {
        session.close();
      }
    },
  };
};
