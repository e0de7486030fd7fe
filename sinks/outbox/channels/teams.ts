import type { Dispatch } from '../../../domain/dispatch.ts';
import type { Channel, SendOutcome } from '../channel.ts';
import type { HttpAnswer } from '../http-client.ts';
import { httpOutcome } from '../http-outcome.ts';
import type { Message } from '../templates/message.ts';
import { atMost } from './at-most.ts';
import { jsonPost, secretsOfAddress } from './json-post.ts';
import type { ChatOptions } from './slack.ts';

/** A post of more than 28 KB is refused; four bytes a character at most. */
const TEXT_LENGTH = 5_000;

/** A line of plain text: a TextRun, unlike a TextBlock, has no Markdown in which a fact could hide a link. */
const line = (text: string, style: object = {}) => ({
  type: 'RichTextBlock',
  inlines: [{ type: 'TextRun', text, ...style }],
});

/** An Adaptive Card 1.4 in the envelope that both Workflows and the older connectors of Teams take. */
export const teamsBody = ({ id }: Dispatch, { subject, text }: Message) => ({
  type: 'message',
  attachments: [
    {
      contentType: 'application/vnd.microsoft.card.adaptive',
      contentUrl: null,
      content: {
        $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
        type: 'AdaptiveCard',
        version: '1.4',
        body: [
          { ...line(subject, { size: 'Large', weight: 'Bolder' }), id },
          ...atMost(text, TEXT_LENGTH)
            .split(/\n{2,}/)
            .map((paragraph) => line(paragraph)),
        ],
      },
    },
  ],
});

/** The older connectors answer 200 and say in the body that Teams itself said no. */
const teamsOutcome = (answer: HttpAnswer, nowMs: number): SendOutcome => {
  const [, status] =
    answer.kind === 'answered' && answer.status === 200
      ? (/Microsoft Teams endpoint returned HTTP error (\d{3})/i.exec(answer.body) ?? [])
      : [];
  return httpOutcome(
    status === undefined || answer.kind !== 'answered' ? answer : { ...answer, status: Number(status) },
    nowMs,
  );
};

/**
 * Posts to a webhook of Teams. It recognises no repetition: a lost answer is `unknown`, and is repeated only where the destination
 * says `repeatWhenLost`. 202 and 200 are a yes, unless a 200 says in its body that Teams said no.
 */
export const teams = ({ templates, reader, ...options }: ChatOptions): Channel =>
  jsonPost({
    ...options,
    secrets: secretsOfAddress(options.url),
    deduplicates: false,
    body: (action) => teamsBody(action, templates.render(action, reader)),
    outcome: teamsOutcome,
  });
