import type { AddressInfo } from 'node:net';
import PostalMime, { type Email } from 'postal-mime';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import { wallClock } from '../../../../runtime/clock.ts';
import { email, type EmailOptions } from '../../../../sinks/outbox/channels/email/email.ts';
import type { Counterpart } from '../../../support/contracts/channel.ts';
import { shippedTemplates } from '../templates/templates-here.ts';

export interface SmtpMail {
  readonly from: string;
  readonly to: readonly string[];
  readonly raw: string;
  readonly parsed: Email;
  readonly isSecure: boolean;
  readonly user: string | null;
}

export interface SmtpCounterpart extends Counterpart {
  readonly port: number;
  readonly mails: SmtpMail[];
  /** Reply to RCPT TO of one address, instead of a yes. */
  readonly refusals: Map<string, { readonly code: number; readonly says: string }>;
}

export const smtpPassword = 'the-password-of-the-mailbox';

const reply = (code: number, says: string): Error => Object.assign(new Error(says), { responseCode: code });

/** A real SMTP server on loopback, and what it took, parsed. */
export const smtpServer = async (
  channelOptions: Partial<EmailOptions> = {},
  serverOptions: SMTPServerOptions = {},
): Promise<SmtpCounterpart> => {
  const mails: SmtpMail[] = [];
  const server = new SMTPServer({
    authOptional: true,
    logger: false,
    disabledCommands: channelOptions.security === 'starttls' ? [] : ['STARTTLS'],
    allowInsecureAuth: true,
    onAuth: ({ username, password }, _session, callback) =>
      password === smtpPassword
        ? callback(null, { user: username })
        : callback(reply(535, 'authentication failed')),
    onRcptTo: ({ address }, _session, callback) => {
      const refusal = counterpart.refusals.get(address);
      callback(refusal === undefined ? null : reply(refusal.code, refusal.says));
    },
    onData: (stream, session, callback) => {
      const chunks: Buffer[] = [];
      const take = (raw: string, parsed: Email): void => {
        const { mailFrom, rcptTo } = session.envelope;
        mails.push({
          from: mailFrom === false ? '' : mailFrom.address,
          to: rcptTo.map(({ address }) => address),
          raw,
          parsed,
          isSecure: session.secure,
          user: (session.user as string | undefined) ?? null,
        });
        const { answer } = counterpart;
        counterpart.onRequest();
        const all = `no: ${raw.slice(0, 300)} ${smtpPassword}`.replaceAll(/\s+/g, ' ');
        if (answer === 'yes') callback();
        else if (answer === 'no') callback(reply(550, all));
        else if (answer === 'busy' || answer === 'wait') callback(reply(451, 'try again later'));
        else if (answer === 'hang_up') for (const one of server.connections) one.close();
      };
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        const raw = Buffer.concat(chunks).toString('utf8');
        void PostalMime.parse(raw).then((parsed) => take(raw, parsed));
      });
    },
    ...serverOptions,
  });
  server.on('error', () => undefined);
  const port = await new Promise<number>((resolve) => {
    const listening = server.listen(0, '127.0.0.1', () => resolve((listening.address() as AddressInfo).port));
  });
  const counterpart: SmtpCounterpart = {
    port,
    mails,
    refusals: new Map(),
    channel: email({
      name: 'mail',
      host: '127.0.0.1',
      port,
      security: 'none',
      user: 'forewarn',
      password: smtpPassword,
      from: 'Forewarn <noreply@acme.example>',
      to: ['desk@acme.example'],
      language: 'en',
      zone: 'UTC',
      templates: shippedTemplates,
      clock: wallClock,
      ...channelOptions,
    }),
    answer: 'yes',
    onRequest: () => undefined,
    received: () => mails.map(({ raw }) => raw),
    kill: () =>
      new Promise((resolve) => {
        for (const one of server.connections) one.close();
        server.close(() => resolve());
      }),
    secrets: [smtpPassword, Buffer.from(smtpPassword).toString('base64')],
  };
  return counterpart;
};
