import type { Dispatch } from '../../../domain/dispatch.ts';
import type { Clock } from '../../../runtime/clock.ts';
import type { Channel } from '../channel.ts';
import type { MessageTemplates } from '../templates/message-templates.ts';
import type { Message, Reader } from '../templates/message.ts';
import { atMost } from './at-most.ts';
import { jsonPost, secretsOfAddress } from './json-post.ts';

export interface ChatOptions {
  /** The destination's name, for errors. */
  readonly name: string;
  /** Whoever knows it may post: a secret. */
  readonly url: string;
  /** Of those who read the channel. */
  readonly reader: Reader;
  readonly templates: MessageTemplates;
  readonly clock: Clock;
  readonly maxSockets?: number;
}

/** `&`, `<` and `>` begin what Slack acts on, such as `<!channel>` (Slack, Formatting text). */
const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** Limits of Block Kit: a header of 150, a section of 3,000 characters, a block id of 255. */
export const slackBody = ({ id }: Dispatch, { subject, short, text }: Message) => ({
  text: escaped(short),
  blocks: [
    {
      type: 'header',
      block_id: atMost(id, 255),
      text: { type: 'plain_text', text: atMost(subject, 150), emoji: false },
    },
    { type: 'section', text: { type: 'plain_text', text: atMost(text, 3_000), emoji: false } },
  ],
});

/**
 * Posts to an incoming webhook of Slack, or of what takes the same (Mattermost, Rocket.Chat, Discord's /slack). It recognises no
 * repetition: a lost answer is `unknown`, and is repeated only where the destination says `repeatWhenLost`. A 4xx is a no
 * (`invalid_payload`, `no_service`, `channel_is_archived`), 429 waits as long as `Retry-After` says.
 */
export const slack = ({ templates, reader, ...options }: ChatOptions): Channel =>
  jsonPost({
    ...options,
    secrets: secretsOfAddress(options.url),
    deduplicates: false,
    body: (action) => slackBody(action, templates.render(action, reader)),
  });
