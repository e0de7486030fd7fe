import { Readable } from 'node:stream';
import SMTPConnection, { type SMTPConnectionOptions } from 'nodemailer/lib/smtp-connection';
import type { SendOutcome } from '../../channel.ts';

export interface SmtpLetter {
  readonly from: string;
  readonly to: string;
  /** The whole message, RFC 5322. */
  readonly content: Buffer;
}

export interface SmtpOptions {
  readonly connection: SMTPConnectionOptions;
  readonly login: { readonly user: string; readonly pass: string } | null;
}

/** Letters over one connection, which is made when the first one goes and again when it was lost. */
export interface SmtpSession {
  deliver(letter: SmtpLetter): Promise<SendOutcome>;
  close(): void;
}

interface SmtpError extends Error {
  readonly responseCode?: number | undefined;
  readonly command?: string | undefined;
}

/**
 * What a reply says (RFC 5321 §4.2.1): 4yz, and 503 of a session that is in disorder → retry; 5yz → refused. Without a reply:
 * nobody knows once the message was on its way, and before that nothing was taken.
 */
const outcomeOf = (error: SmtpError, hasBegun: boolean): SendOutcome => {
  const { responseCode, message } = error;
  // A server that takes leave while it reads has perhaps read it all.
  const isReply = responseCode !== undefined && !(hasBegun && error.command === 'CONN');
  if (!isReply) return { kind: hasBegun ? 'unknown' : 'retry', error: message };
  return { kind: responseCode >= 500 && responseCode !== 503 ? 'refused' : 'retry', error: message };
};

const errorOf = (cause: unknown): Error => (cause instanceof Error ? cause : new Error(String(cause)));

export const smtpSession = (
  { connection: options, login }: SmtpOptions,
  signal: AbortSignal,
): SmtpSession => {
  let connection: SMTPConnection | undefined;
  /** Ends what is under way on the connection, which is gone. */
  let onGone: (cause: Error) => void = () => undefined;

  const gone = (cause: Error): void => {
    const left = connection;
    connection = undefined;
    onGone(cause);
    left?.close();
  };
  const onAbort = (): void => gone(new Error('no answer in time'));
  signal.addEventListener('abort', onAbort, { once: true });

  const connected = (): Promise<SMTPConnection> =>
    new Promise((resolve, reject) => {
      onGone = reject;
      const made = new SMTPConnection(options);
      connection = made;
      const isGone = (cause: Error): void => {
        if (connection === made) gone(cause);
      };
      made.on('error', isGone);
      made.once('end', () => isGone(new Error('the connection was closed')));
      const ready = (failure: Error | null | undefined): void => {
        if (failure) isGone(failure);
        else resolve(made);
      };
      made.connect((failure) => {
        if (failure || login === null) ready(failure);
        else made.login(login, ready);
      });
    });

  const send = ({ from, to, content }: SmtpLetter, over: SMTPConnection): Promise<SendOutcome> =>
    new Promise((resolve) => {
      let hasBegun = false;
      // It is read only once the server has said that it will take it (354).
      const message = new Readable({
        read() {
          hasBegun = true;
          this.push(content);
          this.push(null);
        },
      });
      onGone = (cause) => resolve(outcomeOf(cause, hasBegun));
      over.send({ from, to: [to], size: content.length }, message, (error) => {
        resolve(error ? outcomeOf(error, hasBegun) : { kind: 'sent' });
      });
    });

  /** What a server refused may have left it in the midst of a transaction; the next letter begins anew. */
  const leave = (): void => {
    const left = connection;
    connection = undefined;
    left?.quit();
  };

  return {
    deliver: async (letter) => {
      if (signal.aborted) return { kind: 'retry', error: 'stopped before its turn' };
      try {
        const outcome = await send(letter, connection ?? (await connected()));
        if (outcome.kind !== 'sent') leave();
        return outcome;
      } catch (cause) {
        return outcomeOf(errorOf(cause), false);
      }
    },
    close: () => {
      signal.removeEventListener('abort', onAbort);
      leave();
    },
  };
};
