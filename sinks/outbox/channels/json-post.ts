import type { Dispatch } from '../../../domain/dispatch.ts';
import type { Clock } from '../../../runtime/clock.ts';
import type { Channel, SendOutcome } from '../channel.ts';
import { httpAddress, type HttpAnswer, httpClient } from '../http-client.ts';
import { httpOutcome } from '../http-outcome.ts';
import { withoutSecrets } from '../without-secrets.ts';

export interface JsonPostOptions {
  /** The destination's name, for errors. */
  readonly name: string;
  readonly url: string;
  /** What must not be written down though the receiver says it. */
  readonly secrets: readonly string[];
  readonly clock: Clock;
  readonly deduplicates: boolean;
  readonly maxSockets?: number;
  /** What is posted for an action. Throws where nothing can be made of it. */
  readonly body: (action: Dispatch) => unknown;
  /** As `body`, without its secrets. */
  readonly draft?: (action: Dispatch) => unknown;
  /** For receivers whose yes may be a no. */
  readonly outcome?: (answer: HttpAnswer, nowMs: number) => SendOutcome;
}

/** A channel of one JSON post for each action: what chat and paging services have in common. */
export const jsonPost = (options: JsonPostOptions): Channel => {
  const { deduplicates, secrets, clock, body, draft = body, outcome = httpOutcome } = options;
  const url = httpAddress(options.url, `destination "${options.name}"`);
  const client = httpClient({
    readsYes: options.outcome !== undefined,
    ...(options.maxSockets === undefined ? {} : { maxSockets: options.maxSockets }),
  });
  return {
    deduplicates,
    draft: (action) => [{ extension: 'json', content: `${JSON.stringify(draft(action), null, 2)}\n` }],
    send: async (action, { signal }) => {
      try {
        const answer = await client.send({
          method: 'POST',
          url,
          headers: { 'content-type': 'application/json; charset=utf-8' },
          body: JSON.stringify(body(action)),
          signal,
        });
        return withoutSecrets(outcome(answer, clock.now()), secrets);
      } catch (cause) {
        return { kind: 'refused', error: cause instanceof Error ? cause.message : String(cause) };
      }
    },
    close: () => client.close(),
  };
};

/** The secret of an address that is one: whoever knows its path may post. */
export const secretsOfAddress = (address: string): readonly string[] => {
  const { pathname, search } = httpAddress(address, 'address');
  return [address, pathname + search, pathname];
};
