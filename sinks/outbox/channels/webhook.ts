import type { Clock } from '../../../runtime/clock.ts';
import type { Channel } from '../channel.ts';
import { httpAddress, httpClient } from '../http-client.ts';
import { httpOutcome } from '../http-outcome.ts';
import { withoutSecrets } from '../without-secrets.ts';
import { cloudEventOf } from './cloud-event.ts';
import { secretBytes, webhookSignature } from './webhook-signature.ts';

export interface WebhookOptions {
  /** The destination's name, for errors. */
  readonly name: string;
  readonly url: string;
  /** `whsec_…`, the newest first; several while a receiver changes over. None: not signed. */
  readonly secrets: readonly string[];
  /** Wall time, for the signature's timestamp, which receivers hold against their own clock. */
  readonly clock: Clock;
  readonly headers?: Readonly<Record<string, string>>;
  readonly maxSockets?: number;
}

/**
 * Sends actions to an HTTP address as CloudEvents 1.0 (structured JSON) under a Standard Webhooks 1.0.0 signature, with
 * the action's id as `webhook-id` on every attempt. Guarantee: at least once, always with the same id; exactly once
 * where the receiver honours it. Redirects are refused, not followed.
 */
export const webhook = (options: WebhookOptions): Channel => {
  const place = `destination "${options.name}"`;
  const url = httpAddress(options.url, place);
  const keys = options.secrets.map((secret) => secretBytes(secret, place));
  const client = httpClient(options.maxSockets === undefined ? {} : { maxSockets: options.maxSockets });

  return {
    deduplicates: true,
    draft: (action) => [{ extension: 'json', content: cloudEventOf(action) }],
    send: async (action, { signal }) => {
      const body = cloudEventOf(action);
      const timestampSec = Math.floor(options.clock.now() / 1_000);
      const headers = {
        ...options.headers,
        'content-type': 'application/cloudevents+json; charset=utf-8',
        'webhook-id': action.id,
        'webhook-timestamp': timestampSec,
        ...(keys.length === 0
          ? {}
          : { 'webhook-signature': webhookSignature(keys, action.id, timestampSec, body) }),
      };
      try {
        const answer = await client.send({ method: 'POST', url, headers, body, signal });
        return withoutSecrets(httpOutcome(answer, options.clock.now()), options.secrets);
      } catch (cause) {
        return { kind: 'refused', error: `request cannot be made: ${String(cause)}` };
      }
    },
    close: () => client.close(),
  };
};
