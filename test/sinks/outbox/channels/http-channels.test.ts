import { readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { contact } from '../../../../domain/directory.ts';
import type { Dispatch } from '../../../../domain/dispatch.ts';
import { wallClock } from '../../../../runtime/clock.ts';
import { preview } from '../../../../sinks/outbox/channels/preview.ts';
import { ticket } from '../../../../sinks/outbox/channels/ticket.ts';
import { sampleFacts } from '../../../../sinks/outbox/templates/message-facts.ts';
import { ticketMapping } from '../../../../domain/ticket-mapping.ts';
import { tempFolder } from '../../../support/temp-folder.ts';
import { sampleAction } from '../sample-action.ts';
import { reader, shippedTemplates } from '../templates/templates-here.ts';
import { fakePagerDuty, fakeSlack, fakeTeams, fakeTicketSystem, fakeTwilio } from './counterparts.ts';
import { type HttpCounterpart, parsed } from './http-counterpart.ts';

const message = (changes: Partial<Dispatch> = {}): Dispatch =>
  sampleAction({ template: 'delay_expected', facts: sampleFacts, ...changes });

let other: HttpCounterpart | undefined;
afterEach(async () => {
  other?.channel.close?.();
  await other?.kill();
});
const start = async (making: Promise<HttpCounterpart>): Promise<HttpCounterpart> => (other = await making);
const send = ({ channel }: HttpCounterpart, action: Dispatch, reached: readonly string[] = []) =>
  channel.send(action, { attempt: 1, signal: new AbortController().signal, reached });
const bodyOf = ({ seen }: HttpCounterpart, at = 0) => parsed(seen[at]?.body ?? '') ?? {};

describe('against our own fake of Slack', () => {
  it('posts text and blocks in which a fact cannot call everybody', async () => {
    const fake = await start(fakeSlack());
    await send(fake, message({ shipmentId: '<!channel> & co' }));
    expect(bodyOf(fake)['text']).toContain('Shipment &lt;!channel&gt; &amp; co will probably be late');
    const [header, section] = bodyOf(fake)['blocks'] as { text: { text: string } }[];
    expect(header?.text).toMatchObject({ type: 'plain_text', text: expect.stringContaining('<!channel>') });
    expect(section?.text.text).toContain('Carrier: SAIA');
  });

  it.each([
    [403, 'invalid_token', 'refused'],
    [404, 'no_service', 'refused'],
    [410, 'channel_is_archived', 'refused'],
    [500, 'rollup_error', 'retry'],
  ])('takes %i %s as %s', async (status, body, kind) => {
    const fake = await start(fakeSlack());
    fake.reply = () => ({ status, body });
    expect(await send(fake, message())).toEqual({
      kind,
      httpStatus: status,
      error: `HTTP ${status}: ${body}`,
    });
  });
});

describe('against our own fake of Teams', () => {
  it('posts an Adaptive Card whose text is no Markdown', async () => {
    const fake = await start(fakeTeams());
    await send(fake, message({ facts: { ...sampleFacts, carrier: '[pay here](http://evil.example)' } }));
    const [{ content }] = bodyOf(fake)['attachments'] as [
      { content: { body: { inlines: { type: string; text: string }[] }[] } },
    ];
    const runs = content.body.flatMap(({ inlines }) => inlines);
    expect(runs.every(({ type }) => type === 'TextRun')).toBe(true);
    expect(runs.map(({ text }) => text).join('\n')).toContain('Carrier: [pay here](http://evil.example)');
  });

  it.each([
    [429, 'retry'],
    [413, 'refused'],
  ] as const)('takes a 200 that says that Teams answered %i as %s', async (status, kind) => {
    const fake = await start(fakeTeams());
    fake.reply = () => ({
      status: 200,
      body: `Webhook message delivery failed with error: Microsoft Teams endpoint returned HTTP error ${status} with ContextId x`,
    });
    expect(await send(fake, message())).toMatchObject({ kind, httpStatus: status });
    fake.reply = () => ({ status: 200, body: '1' });
    expect(await send(fake, message())).toEqual({ kind: 'sent', httpStatus: 200 });
  });
});

describe('against our own fake of PagerDuty', () => {
  it('triggers under the id of the exception, and an all-clear resolves the same', async () => {
    const fake = await start(fakePagerDuty());
    await send(fake, message({ type: 'escalate', step: 'tell_desk' }));
    await send(
      fake,
      message({ id: 'action-2', type: 'escalate', step: 'all_clear:escalate', compensates: 'action-1' }),
    );
    await send(fake, message({ id: 'action-3', type: 'escalate', step: 'undo', compensates: 'action-1' }));
    expect(
      fake.seen.map((_, at) => [bodyOf(fake, at)['event_action'], bodyOf(fake, at)['dedup_key']]),
    ).toEqual([
      ['trigger', 'exception-1'],
      ['resolve', 'exception-1'],
      ['resolve', 'exception-1'],
    ]);
  });

  it.each([
    ['critical', 'critical'],
    ['high', 'error'],
    ['medium', 'warning'],
    ['low', 'info'],
    [null, 'warning'],
  ])('says %s as %s', async (band, severity) => {
    const fake = await start(fakePagerDuty());
    await send(fake, message({ facts: { ...sampleFacts, band } }));
    expect(bodyOf(fake)['payload']).toMatchObject({ severity, component: 'shipment-1', class: 'delay' });
  });
});

describe('against our own fake of Twilio', () => {
  const person = (id: string, phone: string | null, language = 'en') =>
    contact.parse({ id, phone, language });
  const three = [
    person('a', '+1 (312) 555-0100'),
    person('b', '+4930123456', 'de'),
    person('c', '+34911234567', 'es'),
  ];

  it('sends one short line to each, in their language', async () => {
    const fake = await start(fakeTwilio());
    expect(await send(fake, message({ recipients: [...three, person('d', null)] }))).toMatchObject({
      kind: 'sent',
    });
    const forms = fake.seen.map(({ body }) => new URLSearchParams(body));
    expect(forms.map((form) => form.get('To'))).toEqual(['+13125550100', '+4930123456', '+34911234567']);
    expect(forms.map((form) => form.get('From'))).toEqual(['+15005550006', '+15005550006', '+15005550006']);
    expect(forms[1]?.get('Body')).toContain('Sendung shipment-1 kommt voraussichtlich verspätet an');
  });

  it('does not tell again who has it when another one must be tried again', async () => {
    const fake = await start(fakeTwilio());
    const to = (body: string): string => new URLSearchParams(body).get('To') ?? '';
    fake.reply = ({ body }) =>
      to(body) === '+4930123456'
        ? { status: 500, body: '{"code": 20500, "message": "Internal Server Error"}' }
        : { status: 201 };
    const first = await send(fake, message({ recipients: three }));
    expect(first).toMatchObject({ kind: 'retry', error: expect.stringContaining('(2 of 3 told)') });
    fake.reply = undefined;
    const second = await send(fake, message({ recipients: three }), first.reached ?? []);
    expect(second).toMatchObject({ kind: 'sent' });
    expect(fake.seen.slice(3).map(({ body }) => to(body))).toEqual(['+4930123456']);
  });

  it('leaves the others in peace once it is asked to wait', async () => {
    const fake = await start(fakeTwilio());
    fake.reply = () => ({ status: 429, headers: { 'retry-after': '3' }, body: '{"code": 20429}' });
    expect(await send(fake, message({ recipients: three }))).toMatchObject({
      kind: 'retry',
      retryAfterMs: 3_000,
    });
    expect(fake.seen).toHaveLength(1);
  });

  it.each([
    [21_610, 'refused'],
    [21_211, 'refused'],
    [20_003, 'refused'],
    [21_611, 'retry'],
    [30_001, 'retry'],
  ] as const)('takes code %i as %s', async (code, kind) => {
    const fake = await start(fakeTwilio());
    fake.reply = () => ({ status: 400, body: `{"code": ${code}, "message": "…", "status": 400}` });
    expect(await send(fake, message())).toMatchObject({ kind });
  });

  it('asks nothing of a number that is none', async () => {
    const fake = await start(fakeTwilio(['030 123456']));
    expect(await send(fake, message())).toMatchObject({
      kind: 'refused',
      error: expect.stringContaining('E.164'),
    });
    expect(fake.seen).toEqual([]);
  });
});

describe('against our own fake of a ticket system', () => {
  it('fills the mapping: types stay, facts are values and never syntax, paths are encoded', async () => {
    const fake = await start(fakeTicketSystem());
    const evil = 'a"}, {"admin": true/../?x=1';
    await send(fake, message({ shipmentId: evil }));
    const [{ path, headers, method }] = fake.seen as [HttpCounterpart['seen'][number]];
    expect({ path, method }).toEqual({
      method: 'POST',
      path: `/helpdesk/api/v2/tickets/${encodeURIComponent(evil)}`,
    });
    expect(headers).toMatchObject({
      authorization: 'Bearer the-token-of-the-ticket-system',
      'idempotency-key': 'action-1',
      'content-type': 'application/json; charset=utf-8',
    });
    expect(bodyOf(fake)).toEqual({
      ticket: {
        subject: `Shipment ${evil} will probably arrive late`,
        comment: { body: expect.stringContaining('Carrier: SAIA') },
        external_id: 'exception-1',
        severity: 68,
        tags: ['forewarn', 'delay'],
        open: true,
      },
    });
  });

  it('has another request for an all-clear, and takes "already there" for a yes', async () => {
    const fake = await start(fakeTicketSystem());
    await send(
      fake,
      message({ step: 'all_clear:notify_customer', compensates: 'action-0', exceptionId: 'e/1' }),
    );
    expect(fake.seen[0]).toMatchObject({ method: 'PUT', path: '/helpdesk/api/v2/tickets/e%2F1/solve' });
    fake.reply = () => ({ status: 409, body: 'exists' });
    expect(await send(fake, message())).toEqual({ kind: 'sent', httpStatus: 409 });
  });

  it.each([
    [{ path: '/t', body: { a: ['{{ nothing }}'] } }, 'request.body.a[0]: there is no fact "nothing"'],
    [{ path: '/t', body: { a: '{{ secret }}' } }, 'request.body.a: there is no fact "secret"'],
    [{ path: '/{{ secret }}', body: {} }, 'request.path: there is no fact "secret"'],
    [{ path: '/t', headers: { a: '{% if %}' }, body: {} }, 'request.headers.a: '],
  ])('%j does not load', (request, says) => {
    const make = () =>
      ticket({
        name: 'crm',
        url: 'http://127.0.0.1:9',
        clock: wallClock,
        templates: shippedTemplates,
        reader: reader(),
        mapping: { place: 'rules/tickets/own.yaml', content: ticketMapping.parse({ request }) },
      });
    expect(make).toThrow(`FW103 rules/tickets/own.yaml ${says}`);
  });
});

describe('a preview', () => {
  it('writes what would be sent, a file for each recipient, and sends nothing', async () => {
    const fake = await start(fakeTwilio());
    const folder = await tempFolder();
    const channel = preview(fake.channel, { name: 'phones', folder });
    const recipients = ['+4930123456', '+34911234567'].map((phone) => contact.parse({ id: phone, phone }));
    const context = { attempt: 1, signal: new AbortController().signal };
    expect(await channel.send(message({ recipients }), context)).toEqual({ kind: 'sent' });
    expect(await readFile(join(folder, 'phones/action-1.txt'), 'utf8')).toMatch(
      /^To: \+4930123456\n\nShipment shipment-1 /,
    );
    expect(await readFile(join(folder, 'phones/action-1-2.txt'), 'utf8')).toContain('+34911234567');
    expect(fake.seen).toEqual([]);
    expect(await channel.send(message({ recipients: [contact.parse({ id: 'x' })] }), context)).toMatchObject({
      kind: 'refused',
    });
  });

  it('stays in its folder whatever the id says', async () => {
    const fake = await start(fakeSlack());
    const folder = await tempFolder();
    const channel = preview(fake.channel, { name: '../outside', folder: join(folder, 'preview') });
    const context = { attempt: 1, signal: new AbortController().signal };
    expect(await channel.send(message({ id: '../../outside' }), context)).toEqual({ kind: 'sent' });
    expect(readdirSync(folder)).toEqual(['preview']);
  });
});
