import type { Clock } from '../../../runtime/clock.ts';
import type { Dispatch } from '../../../domain/dispatch.ts';
import type { Channel, SendOutcome } from '../channel.ts';
import { httpAddress, type HttpAnswer, httpClient } from '../http-client.ts';
import { httpOutcome } from '../http-outcome.ts';
import { basicCredentials, withoutSecrets } from '../without-secrets.ts';
import type { MessageTemplates } from '../templates/message-templates.ts';
import { atMost } from './at-most.ts';
import { recipientsOf, type Recipient, tellEach } from './recipients.ts';

export interface SmsOptions {
  /** The destination's name, for errors. */
  readonly name: string;
  /** Of the API, such as https://api.twilio.com. */
  readonly url: string;
  readonly account: string;
  readonly token: string;
  /** A number in E.164, a short code, a sender name, or `MG…`, the id of a messaging service. */
  readonly from: string;
  readonly to: readonly string[];
  readonly language: string;
  readonly zone: string;
  readonly templates: MessageTemplates;
  readonly clock: Clock;
  readonly maxSockets?: number;
}

/** The longest that is taken, in parts that the phone puts together. */
const TEXT_LENGTH = 1_600;

/** Codes of a no that passes by itself: too many requests, full queues of the sender or of all. */
const passing = new Set([20_429, 21_611, 30_001]);

const codeIn = (body: string): number | null => {
  const [, code] = /"code"\s*:\s*(\d{5})\b/.exec(body) ?? [];
  return code === undefined ? null : Number(code);
};

const smsOutcome = (answer: HttpAnswer, nowMs: number): SendOutcome => {
  const outcome = httpOutcome(answer, nowMs);
  const code = answer.kind === 'answered' ? codeIn(answer.body) : null;
  return outcome.kind === 'refused' && code !== null && passing.has(code)
    ? { ...outcome, kind: 'retry' }
    : outcome;
};

/** E.164: a plus, and 7 to 15 digits. */
const phoneOf = (text: string): string | null => {
  const phone = text.replaceAll(/[\s().-]/g, '');
  return /^\+[1-9]\d{6,14}$/.test(phone) ? phone : null;
};

/**
 * Sends SMS by the Messages resource of Twilio, or of what takes the same, one to each recipient. The API recognises no
 * repetition (the key that goes along as `idempotency-key` is for gateways that do): a lost answer is `unknown`, and is repeated
 * only where the destination says `repeatWhenLost`. 429, 5xx and full queues → retry, any other 4xx is a no, such as a number
 * that is none (21211) or has opted out (21610). Of several recipients those that have it are not told again.
 */
export const sms = (options: SmsOptions): Channel => {
  const { account, token, from, templates, clock } = options;
  const base = httpAddress(options.url, `destination "${options.name}"`);
  const url = new URL(`/2010-04-01/Accounts/${encodeURIComponent(account)}/Messages.json`, base);
  const client = httpClient(options.maxSockets === undefined ? {} : { maxSockets: options.maxSockets });
  const credentials = basicCredentials(account, token);
  const sender: Readonly<Record<string, string>> = /^MG[0-9a-f]{32}$/.test(from)
    ? { MessagingServiceSid: from }
    : { From: from };

  const toldBy = (action: Dispatch): Recipient[] => recipientsOf(action, { address: 'phone', ...options });
  const textFor = (action: Dispatch, { reader }: Recipient): string =>
    atMost(templates.render(action, reader).short, TEXT_LENGTH);

  const tell = async (action: Dispatch, recipient: Recipient, signal: AbortSignal): Promise<SendOutcome> => {
    const phone = phoneOf(recipient.address);
    if (phone === null) return { kind: 'refused', error: 'a phone number is none; E.164 is +4930123456' };
    try {
      const answer = await client.send({
        method: 'POST',
        url,
        headers: {
          authorization: `Basic ${credentials}`,
          'content-type': 'application/x-www-form-urlencoded',
          'idempotency-key': `${action.id}.${recipient.key}`,
        },
        body: new URLSearchParams({ To: phone, ...sender, Body: textFor(action, recipient) }).toString(),
        signal,
      });
      return smsOutcome(answer, clock.now());
    } catch (cause) {
      return { kind: 'refused', error: cause instanceof Error ? cause.message : String(cause) };
    }
  };

  return {
    deduplicates: false,
    draft: (action) =>
      toldBy(action).map((recipient) => ({
        extension: 'txt',
        content: `To: ${recipient.address}\n\n${textFor(action, recipient)}\n`,
      })),
    send: async (action, context) => {
      const recipients = toldBy(action);
      if (recipients.length === 0) return { kind: 'refused', error: 'nobody to tell has a phone number' };
      const outcome = await tellEach(recipients, context, (recipient) =>
        tell(action, recipient, context.signal),
      );
      return withoutSecrets(outcome, [token, credentials]);
    },
    close: () => client.close(),
  };
};
