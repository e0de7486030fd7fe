import { wallClock } from '../../../../runtime/clock.ts';
import { pagerDuty } from '../../../../sinks/outbox/channels/pagerduty.ts';
import { slack } from '../../../../sinks/outbox/channels/slack.ts';
import { sms } from '../../../../sinks/outbox/channels/sms.ts';
import { teams } from '../../../../sinks/outbox/channels/teams.ts';
import { ticket } from '../../../../sinks/outbox/channels/ticket.ts';
import { webhook } from '../../../../sinks/outbox/channels/webhook.ts';
import { ticketMapping } from '../../../../domain/ticket-mapping.ts';
import { reader, shippedTemplates } from '../templates/templates-here.ts';
import { httpCounterpart, type HttpCounterpart, type HttpSeen, parsed } from './http-counterpart.ts';

const chat = { name: 'desk', clock: wallClock, templates: shippedTemplates, reader: reader({ name: '' }) };

const isJsonPost = ({ method, headers }: HttpSeen): boolean =>
  method === 'POST' && String(headers['content-type']).startsWith('application/json');

const whSecret = `whsec_${Buffer.from('a-secret-of-at-least-thirty-two-bytes').toString('base64')}`;

export const webhookReceiver = (): Promise<HttpCounterpart> =>
  httpCounterpart({
    channelTo: (url) => webhook({ name: 'crm', url: `${url}/hook`, secrets: [whSecret], clock: wallClock }),
    secrets: [whSecret],
    check: ({ headers }) => (headers['webhook-signature'] === undefined ? 'not signed' : null),
    yes: { status: 200 },
  });

const slackPath = '/services/T00000000/B00000000/XXXXXXXXXXXXXXXXXXXXXXXX';

interface SlackBlock {
  readonly type: string;
  readonly block_id?: string;
  readonly text: { readonly type: string; readonly text: string };
}

/** What Slack documents of incoming webhooks and Block Kit: limits of length, types, and `ok` as a yes. */
export const fakeSlack = (): Promise<HttpCounterpart> =>
  httpCounterpart({
    channelTo: (url) => slack({ ...chat, url: url + slackPath }),
    secrets: [slackPath],
    check: (seen) => {
      const body = parsed(seen.body);
      if (!isJsonPost(seen) || seen.path !== slackPath) return 'no_service';
      if (body === null || typeof body['text'] !== 'string') return 'invalid_payload';
      if (body['text'] === '') return 'no_text';
      const blocks = body['blocks'] as readonly SlackBlock[];
      const fits = blocks.every(
        ({ type, block_id: id = '', text }) =>
          text.type === 'plain_text' &&
          id.length <= 255 &&
          text.text.length > 0 &&
          text.text.length <= (type === 'header' ? 150 : 3_000),
      );
      return fits && blocks.length <= 50 ? null : 'invalid_blocks';
    },
    yes: { status: 200, body: 'ok' },
  });

const teamsPath = '/workflows/0123456789abcdef/triggers/manual/paths/invoke';
const teamsQuery = '?api-version=2016-06-01&sig=the-signature-of-the-workflow';

/** What Teams documents of workflows that post cards: the envelope, one Adaptive Card, 28 KB, and 202 as a yes. */
export const fakeTeams = (): Promise<HttpCounterpart> =>
  httpCounterpart({
    channelTo: (url) => teams({ ...chat, url: url + teamsPath + teamsQuery }),
    secrets: [teamsPath, 'the-signature-of-the-workflow'],
    check: (seen) => {
      const body = parsed(seen.body);
      if (!isJsonPost(seen) || seen.path !== teamsPath + teamsQuery) return 'DirectApiAuthorizationRequired';
      if (Buffer.byteLength(seen.body) > 28_000) return 'RequestEntityTooLarge';
      const [card, ...more] = (body?.['attachments'] ?? []) as readonly {
        readonly contentType: string;
        readonly content: {
          readonly type: string;
          readonly version: string;
          readonly body: readonly { readonly type: string }[];
        };
      }[];
      const fits =
        body?.['type'] === 'message' &&
        more.length === 0 &&
        card?.contentType === 'application/vnd.microsoft.card.adaptive' &&
        card.content.type === 'AdaptiveCard' &&
        card.content.version === '1.4' &&
        card.content.body.every(({ type }) => type === 'RichTextBlock');
      return fits ? null : 'InvalidCard';
    },
    yes: { status: 202 },
  });

const routingKey = '0123456789abcdef0123456789abcdef';

/** What PagerDuty documents of Events API v2: required fields, the four severities, lengths, and 202 as a yes. */
export const fakePagerDuty = (): Promise<HttpCounterpart> =>
  httpCounterpart({
    channelTo: (url) => pagerDuty({ ...chat, url: `${url}/v2/enqueue`, routingKey }),
    secrets: [routingKey],
    check: (seen) => {
      const body = parsed(seen.body) ?? {};
      const payload = (body['payload'] ?? {}) as Record<string, unknown>;
      const fits =
        isJsonPost(seen) &&
        seen.path === '/v2/enqueue' &&
        body['routing_key'] === routingKey &&
        ['trigger', 'acknowledge', 'resolve'].includes(String(body['event_action'])) &&
        String(body['dedup_key']).length <= 255 &&
        String(payload['summary']).length <= 1_024 &&
        typeof payload['source'] === 'string' &&
        ['critical', 'error', 'warning', 'info'].includes(String(payload['severity'])) &&
        !Number.isNaN(Date.parse(String(payload['timestamp'])));
      return fits ? null : '{"status":"invalid event","message":"Event object is invalid"}';
    },
    yes: { status: 202, body: '{"status":"success","message":"Event processed"}' },
  });

export const twilioAccount = `AC${'0'.repeat(32)}`;
const twilioToken = 'the-auth-token-of-the-account';

/** What Twilio documents of the Messages resource: form post, basic auth, E.164, 1,600 characters, and 201 as a yes. */
export const fakeTwilio = (to: readonly string[] = ['+4930123456']): Promise<HttpCounterpart> =>
  httpCounterpart({
    channelTo: (url) =>
      sms({
        name: 'phones',
        url,
        account: twilioAccount,
        token: twilioToken,
        from: '+15005550006',
        to,
        language: 'en',
        zone: 'UTC',
        templates: shippedTemplates,
        clock: wallClock,
      }),
    secrets: [twilioToken, Buffer.from(`${twilioAccount}:${twilioToken}`).toString('base64')],
    check: ({ method, path, headers, body }) => {
      const form = new URLSearchParams(body);
      if (method !== 'POST' || path !== `/2010-04-01/Accounts/${twilioAccount}/Messages.json`)
        return '{"code": 20404, "message": "not found", "status": 404}';
      const [scheme, credentials = ''] = String(headers.authorization).split(' ');
      if (
        scheme !== 'Basic' ||
        Buffer.from(credentials, 'base64').toString() !== `${twilioAccount}:${twilioToken}`
      )
        return '{"code": 20003, "message": "Authenticate", "status": 401}';
      if (headers['content-type'] !== 'application/x-www-form-urlencoded') return '{"code": 21602}';
      if (!/^\+[1-9]\d{6,14}$/.test(form.get('To') ?? '')) return '{"code": 21211, "message": "Invalid To"}';
      if (form.get('From') === null && form.get('MessagingServiceSid') === null) return '{"code": 21603}';
      const text = form.get('Body') ?? '';
      return text === '' ? '{"code": 21602}' : text.length > 1_600 ? '{"code": 21617}' : null;
    },
    yes: { status: 201, body: '{"sid": "SM0", "status": "queued", "error_code": null}' },
  });

const ticketSecret = 'the-token-of-the-ticket-system';

export const ticketExample = ticketMapping.parse({
  request: {
    path: '/api/v2/tickets/{{ shipmentId }}',
    headers: { authorization: 'Bearer {{ secret }}', 'idempotency-key': '{{ actionId }}' },
    body: {
      ticket: {
        subject: '{{ subject }}',
        comment: { body: '{{ text }}' },
        external_id: '{{ exceptionId }}',
        severity: '{{ severity }}',
        tags: ['forewarn', '{{ category }}'],
        open: true,
      },
    },
  },
  allClear: {
    method: 'PUT',
    path: '/api/v2/tickets/{{ exceptionId }}/solve',
    body: { id: '{{ actionId }}' },
  },
  deduplicates: true,
  alreadyThere: [409],
});

/** A ticket system as `ticketExample` takes it to be. */
export const fakeTicketSystem = (): Promise<HttpCounterpart> =>
  httpCounterpart({
    channelTo: (url) =>
      ticket({
        ...chat,
        url: `${url}/helpdesk/`,
        secret: ticketSecret,
        mapping: { place: 'rules/tickets/example.yaml', content: ticketExample },
      }),
    secrets: [ticketSecret],
    check: ({ path, headers, body }) =>
      !path.startsWith('/helpdesk/api/v2/tickets/')
        ? 'no such path'
        : parsed(body) === null
          ? 'no JSON'
          : path.endsWith('/solve') || headers.authorization === `Bearer ${ticketSecret}`
            ? null
            : 'no token',
    yes: { status: 201, body: '{}' },
  });
