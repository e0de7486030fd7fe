import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadConfig } from '../../../runtime/config/load-config.ts';
import { channelsOf, messagesOf } from '../../../runtime/wire/channels.ts';
import { sampleFacts } from '../../../sinks/outbox/templates/message-facts.ts';
import { rulesFolder } from '../../rules/shipped-rules.ts';
import { fakeSlack } from '../../sinks/outbox/channels/counterparts.ts';
import { sampleAction } from '../../sinks/outbox/sample-action.ts';
import { rulesWith } from '../../sinks/outbox/templates/templates-here.ts';
import { tempFolder } from '../../support/temp-folder.ts';

const environment = {
  SLACK_URL: 'https://hooks.slack.example/services/T/B/X',
  TEAMS_URL: 'https://acme.webhook.office.example/workflows/x',
  MAIL_PASSWORD: 'mail-password',
  TWILIO_TOKEN: 'twilio-token',
  PD_KEY: 'pagerduty-key',
  CRM_TOKEN: 'crm-token',
};

const load = async (destinations: string, rules = rulesFolder) => {
  const folder = await tempFolder();
  const file = join(folder, 'forewarn.yaml');
  writeFileSync(
    file,
    `rules: ${rules}\ndataFolder: ${join(folder, 'data')}\ndestinations:\n  own: ${destinations}\n`,
  );
  return loadConfig({ file, environment });
};
const channels = async (destinations: string, rules?: string) => {
  const config = await load(destinations, rules);
  return channelsOf(config.destinations, messagesOf(config));
};
const problem = async (destinations: string, rules?: string): Promise<string> => {
  try {
    await channels(destinations, rules);
  } catch (error) {
    return (error as Error).message.replace(/^(\w+) \S*forewarn\.yaml/, '$1 forewarn.yaml');
  }
  return 'no problem';
};

const kinds: readonly (readonly [kind: string, settings: string, deduplicates: boolean])[] = [
  [
    'none, as files of before have it',
    "{ url: 'http://127.0.0.1:9/hook', maxAttempts: 5, ratePerSec: 20 }",
    true,
  ],
  ['webhook', "{ kind: webhook, url: 'http://127.0.0.1:9/hook' }", true],
  ['slack', "{ kind: slack, url: '${SLACK_URL}' }", false],
  ['teams', "{ kind: teams, url: '${TEAMS_URL}', language: de, zone: Europe/Berlin }", false],
  [
    'email',
    "{ kind: email, host: mail.example, user: me, password: '${MAIL_PASSWORD}', from: 'me@acme.example' }",
    false,
  ],
  ['sms', "{ kind: sms, account: AC0, token: '${TWILIO_TOKEN}', from: '+15005550006' }", false],
  ['pagerduty', "{ kind: pagerduty, routingKey: '${PD_KEY}' }", true],
];

describe('destinations', () => {
  it.each(kinds)('of kind %s have their channel', async (_kind, settings, deduplicates) => {
    const { own } = await channels(settings);
    expect(own?.channel.deduplicates).toBe(deduplicates);
    expect(own).toMatchObject({ timeoutMs: 10_000, concurrency: 8, repeatWhenLost: false });
  });

  it('of kind ticket have the channel that their mapping says', async () => {
    const rules = await rulesWith({});
    const settings = "{ kind: ticket, url: 'https://crm.example', mapping: zammad, secret: '${CRM_TOKEN}' }";
    expect(await problem(settings, rules)).toBe(
      'FW103 rules/tickets/zammad.yaml: cannot be read; put the file there or mend its rights',
    );

    mkdirSync(join(rules, 'tickets'));
    writeFileSync(
      join(rules, 'tickets/zammad.yaml'),
      "request:\n  path: /api/v1/tickets\n  body: { title: '{{ subject }}' }\ndeduplicates: true\n",
    );
    expect((await channels(settings, rules))['own']?.channel.deduplicates).toBe(true);
  });

  it('of kind ticket may use the mapping that ships as an example', async () => {
    const settings = "{ kind: ticket, url: 'https://crm.example', mapping: example, secret: '${CRM_TOKEN}' }";
    const { own } = await channels(settings);
    const [draft] = await own!.channel.draft!(
      sampleAction({ template: 'delay_expected', facts: sampleFacts }),
    );
    expect(JSON.parse(draft?.content ?? '')).toMatchObject({
      method: 'POST',
      url: 'https://crm.example/api/tickets',
      headers: { authorization: 'Bearer ***', 'idempotency-key': 'action-1' },
      body: { severity: 68, reference: 'exception-1', tags: ['forewarn', 'delay'] },
    });
  });

  it('that may be told twice say so', async () => {
    const { own } = await channels("{ kind: slack, url: '${SLACK_URL}', repeatWhenLost: true }");
    expect(own?.repeatWhenLost).toBe(true);
  });

  it('that only preview write files into the data folder', async () => {
    const fake = await fakeSlack();
    const config = await load("{ kind: slack, url: '${SLACK_URL}', preview: true }");
    const { own } = channelsOf(config.destinations, messagesOf(config));
    const action = sampleAction({ template: 'delay_expected', facts: sampleFacts });
    const outcome = await own!.channel.send(action, { attempt: 1, signal: new AbortController().signal });
    await fake.kill();
    expect(outcome).toEqual({ kind: 'sent' });
    const written = readFileSync(join(config.dataFolder, 'preview/own/action-1.json'), 'utf8');
    expect(JSON.parse(written)).toMatchObject({ text: expect.stringContaining('Shipment shipment-1') });
    expect(fake.seen).toEqual([]);
  });

  it('that send no messages need no templates', async () => {
    const rules = join(await tempFolder(), 'rules');
    expect(await problem(kinds[0]![1], rules)).toBe('no problem');
    expect(await problem(kinds[2]![1], rules)).toBe(
      'FW103 rules/languages.yaml: cannot be read; put the file there or mend its rights',
    );
  });

  it.each([
    [
      "{ kind: slak, url: '${SLACK_URL}' }",
      'destinations.own.kind: "slak" is not one of webhook, email, slack, teams, sms, pagerduty, ticket, tms-rest, otm, x12-214; did you mean slack?',
    ],
    [
      "{ kind: slack, url: 'https://hooks.slack.example/services/T/B/X' }",
      'destinations.own.url: its value is no reference such as ${NAME}; put the secret into the environment',
    ],
    [
      "{ kind: email, from: 'a@b.example' }",
      'destinations.own.host: is missing; give a value of type string',
    ],
    [
      "{ kind: email, host: h, from: 'a@b.example', password: geheim }",
      'destinations.own.password: its value is no reference such as ${NAME}; put the secret into the environment',
    ],
    [
      "{ kind: slack, url: '${SLACK_URL}', secrett: 1 }",
      'destinations.own: "secrett" is not a key here; the keys are kind, url, language, zone, maxAttempts, ratePerSec, concurrency, timeoutMs, repeatWhenLost, preview',
    ],
    [
      "{ url: 'http://127.0.0.1:9', hst: 1 }",
      'destinations.own: "hst" is not a key here; the keys are kind, url, secret, maxAttempts, ',
    ],
    [
      "{ kind: slack, url: '${SLACK_URL}', zone: Nowhere/Atall }",
      'destinations.own.zone: "Nowhere/Atall": is no IANA zone; write one such as America/Chicago',
    ],
    ["{ kind: slack, url: '${SLACK_URL}', language: DE }", 'destinations.own.language: "DE": is no language'],
    [
      "{ kind: slack, url: '${NOT_THERE}' }",
      'FW107 forewarn.yaml destinations.own.url: environment variable NOT_THERE is not set; set it',
    ],
    [
      "{ kind: ticket, url: 'https://crm.example', mapping: '../secret' }",
      'FW101 destinations.own.mapping: "../secret" is no name',
    ],
  ])('%s are refused in one line', async (settings, says) => {
    const said = await problem(settings);
    expect(said).toContain(says);
    expect(said).not.toContain('\n');
    // A secret that was put into the file by mistake does not go on into a log.
    expect(said).not.toMatch(/geheim|services\/T/);
  });
});
