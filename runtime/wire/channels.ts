import { join, resolve } from 'node:path';
import type { Channel } from '../../sinks/outbox/channel.ts';
import { email } from '../../sinks/outbox/channels/email/email.ts';
import { loadTicketMapping } from '../../sinks/outbox/channels/load-ticket-mapping.ts';
import { pagerDuty } from '../../sinks/outbox/channels/pagerduty.ts';
import { preview } from '../../sinks/outbox/channels/preview.ts';
import { slack } from '../../sinks/outbox/channels/slack.ts';
import { sms } from '../../sinks/outbox/channels/sms.ts';
import { teams } from '../../sinks/outbox/channels/teams.ts';
import { ticket } from '../../sinks/outbox/channels/ticket.ts';
import { webhook } from '../../sinks/outbox/channels/webhook.ts';
import type { DestinationOptions } from '../../sinks/outbox/destination.ts';
import { loadTemplates } from '../../sinks/outbox/templates/load-templates.ts';
import type { MessageTemplates } from '../../sinks/outbox/templates/message-templates.ts';
import type { Reader } from '../../sinks/outbox/templates/message.ts';
import { wallClock } from '../clock.ts';
import type { Config } from '../config/config.ts';
import type { DestinationSettings } from '../config/destinations.ts';

/** What channels need beside their own settings. */
export interface ChannelSurroundings {
  /** Folder of the rules: ticket mappings are in it. */
  readonly rulesFolder: string;
  /** Folder for what destinations with `preview` write. */
  readonly previewFolder: string;
  /** IANA zone of readers who have none. */
  readonly zone: string;
  /** Read when the first channel wants them: what sends no messages needs none. */
  readonly templates: () => MessageTemplates;
}

export const messagesOf = (config: Pick<Config, 'rules' | 'dataFolder' | 'engine'>): ChannelSurroundings => {
  const rulesFolder = resolve(config.rules);
  let templates: MessageTemplates | undefined;
  return {
    rulesFolder,
    previewFolder: join(resolve(config.dataFolder), 'preview'),
    zone: config.engine.defaultZone,
    templates: () => (templates ??= loadTemplates(rulesFolder)),
  };
};

/**
 * The channel of a destination, by its kind. A new kind is a schema in `runtime/config/destinations.ts` and a case here. FW101
 * or FW103 when it cannot be.
 */
export const channelOf = (
  name: string,
  settings: DestinationSettings,
  surroundings: ChannelSurroundings,
): Channel => {
  const clock = wallClock;
  const http = { name, clock, maxSockets: settings.concurrency };
  const readerOf = (own: { readonly language: string; readonly zone?: string | undefined }): Reader => ({
    language: own.language,
    zone: own.zone ?? surroundings.zone,
    name: '',
  });
  switch (settings.kind) {
    case undefined:
    case 'webhook': {
      const { url, secret } = settings;
      return webhook({ ...http, url, secrets: secret === undefined ? [] : [secret] });
    }
    case 'email':
      return email({
        ...settings,
        name,
        zone: settings.zone ?? surroundings.zone,
        templates: surroundings.templates(),
        clock,
      });
    case 'sms':
      return sms({
        ...settings,
        ...http,
        zone: settings.zone ?? surroundings.zone,
        templates: surroundings.templates(),
      });
    case 'slack':
    case 'teams': {
      const make = settings.kind === 'slack' ? slack : teams;
      return make({
        ...http,
        url: settings.url,
        reader: readerOf(settings),
        templates: surroundings.templates(),
      });
    }
    case 'pagerduty': {
      const { url, routingKey } = settings;
      return pagerDuty({
        ...http,
        url,
        routingKey,
        reader: readerOf(settings),
        templates: surroundings.templates(),
      });
    }
    case 'ticket': {
      const { url, user, secret } = settings;
      return ticket({
        ...http,
        url,
        user,
        secret,
        reader: readerOf(settings),
        templates: surroundings.templates(),
        mapping: loadTicketMapping(surroundings.rulesFolder, settings.mapping, name),
      });
    }
  }
};

/** Every configured destination with its channel, as the dispatcher takes them. */
export const channelsOf = (
  destinations: Config['destinations'],
  surroundings: ChannelSurroundings,
): Readonly<Record<string, DestinationOptions>> =>
  Object.fromEntries(
    Object.entries(destinations).map(([name, settings]) => {
      const { maxAttempts, ratePerSec, concurrency, timeoutMs, repeatWhenLost = false } = settings;
      const own = channelOf(name, settings, surroundings);
      const channel =
        settings.preview === true ? preview(own, { name, folder: surroundings.previewFolder }) : own;
      const lane = { maxAttempts, ratePerSec, burst: ratePerSec * 2, concurrency, timeoutMs, repeatWhenLost };
      return [name, { channel, ...lane }];
    }),
  );
