import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { action } from '../domain/action.ts';
import { dispatch, type Dispatch } from '../domain/dispatch.ts';
import { ForewarnError } from '../runtime/forewarn-error.ts';
import { messagesOf } from '../runtime/wire/channels.ts';
import { slackBody } from '../sinks/outbox/channels/slack.ts';
import { teamsBody } from '../sinks/outbox/channels/teams.ts';
import type { Message } from '../sinks/outbox/templates/message.ts';
import { previewMessage } from '../sinks/outbox/templates/preview-message.ts';
import { configFrom, type ConfigOptions } from './config-options.ts';

export const previewChannels = ['email', 'sms', 'slack', 'teams'] as const;

export interface PreviewOptions extends ConfigOptions {
  readonly language: string;
  readonly zone?: string;
  readonly channel: (typeof previewChannels)[number];
  readonly facts?: string;
}

/** Facts of one's own, and the shipments of a digest where one wants to see it. */
const ownFacts = z.union([
  z.strictObject({
    facts: action.shape.facts,
    covers: z.array(z.strictObject({ shipmentId: z.string(), facts: action.shape.facts })).default([]),
  }),
  action.shape.facts.transform((facts) => ({ facts, covers: [] })),
]);

const factsIn = (file: string): Pick<Dispatch, 'facts' | 'covers'> => {
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(file, 'utf8'));
  } catch (cause) {
    throw new ForewarnError('FW101', `--facts ${file}: cannot be read as JSON; give a file of facts`, {
      cause,
    });
  }
  const result = ownFacts.safeParse(value);
  if (!result.success)
    throw new ForewarnError(
      'FW101',
      `--facts ${file}: is not {"carrier": "SAIA", …} with texts, numbers, true, false or null; mend it`,
    );
  const { facts, covers } = result.data;
  return dispatch.pick({ facts: true, covers: true }).parse({
    facts,
    covers: covers.map((one, index) => ({
      ...one,
      actionId: `action-${index}`,
      exceptionId: `exception-${index}`,
    })),
  });
};

const shown = (action: Dispatch, message: Message, channel: PreviewOptions['channel']): string => {
  switch (channel) {
    case 'email':
      return `Subject: ${message.subject}\nContent-Language: ${message.language}\n\n${message.text}\n\n--- HTML ---\n${message.html}`;
    case 'sms':
      return message.short;
    case 'slack':
      return JSON.stringify(slackBody(action, message), null, 2);
    case 'teams':
      return JSON.stringify(teamsBody(action, message), null, 2);
  }
};

/** `forewarn preview`: what a template says, with the sample's facts or one's own. Nothing is sent. */
export const previewCommand = (template: string, options: PreviewOptions): void => {
  const { templates, zone } = messagesOf(configFrom(options));
  const { action: sample, message } = previewMessage(templates(), template, {
    reader: { language: options.language, zone: options.zone ?? zone, name: 'Ada Lovelace' },
    ...(options.facts === undefined ? {} : factsIn(options.facts)),
  });
  console.log(shown(sample, message, options.channel));
};
