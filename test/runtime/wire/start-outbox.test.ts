import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { actionResult } from '../../../domain/action.ts';
import { contact } from '../../../domain/directory.ts';
import { wallClock } from '../../../runtime/clock.ts';
import { loadConfig } from '../../../runtime/config/load-config.ts';
import { EmbeddedLog } from '../../../runtime/log/embedded-log.ts';
import { createMetrics } from '../../../runtime/metrics/metrics.ts';
import { messagesOf } from '../../../runtime/wire/channels.ts';
import { startOutbox } from '../../../runtime/wire/start-outbox.ts';
import { DEAD_LETTERS, outboxTopics } from '../../../sinks/outbox/outbox-topics.ts';
import { sampleFacts } from '../../../sinks/outbox/templates/message-facts.ts';
import { rules, rulesFolder } from '../../rules/shipped-rules.ts';
import { smtpPassword, smtpServer } from '../../sinks/outbox/channels/smtp-counterpart.ts';
import { sampleAction } from '../../sinks/outbox/sample-action.ts';
import { tempFolder } from '../../support/temp-folder.ts';
import { until } from '../../support/until.ts';
import { settingsWith } from '../../sources/decoders/decoder-settings.ts';

it('sends what the log says is due by the e-mail that forewarn.yaml configures, to those it names, once', async () => {
  const server = await smtpServer();
  onTestFinished(() => server.kill());
  const folder = await tempFolder();
  const file = join(folder, 'forewarn.yaml');
  const mail = `{ kind: email, host: 127.0.0.1, port: ${server.port}, security: none, user: me, password: '\${MAIL}', from: 'me@acme.example' }`;
  writeFileSync(
    file,
    `rules: ${rulesFolder}\ndataFolder: ${folder}\ndestinations:\n  customer-notifications: ${mail}\n  tms: { url: 'http://127.0.0.1:9' }\n  desk: { url: 'http://127.0.0.1:9' }\n`,
  );
  const config = loadConfig({ file, environment: { MAIL: smtpPassword } });
  const topics = Object.fromEntries(
    [...Object.values(outboxTopics), DEAD_LETTERS].map((topic) => [topic, 1]),
  );
  const log = await EmbeddedLog.open({ folder: join(folder, 'log'), topics, time: () => wallClock });
  onTestFinished(() => log.close());
  const action = sampleAction({
    destination: 'customer-notifications',
    template: 'delay_expected',
    facts: sampleFacts,
    thread: 'exception-1/acme',
    recipients: [
      contact.parse({ id: 'ada', name: 'Ada', email: 'ada@acme.example' }),
      contact.parse({ id: 'otto', name: 'Otto', email: 'otto@acme.example', language: 'de' }),
    ],
  });
  // As the pipelines leave it: decided, and then with whom to tell.
  for (const topic of [outboxTopics.actions, outboxTopics.dispatches])
    await log.append(topic, {
      key: action.shipmentId,
      value: new TextEncoder().encode(JSON.stringify(action)),
    });

  const outbox = await startOutbox({
    log,
    rules,
    rulesFolder,
    destinations: config.destinations,
    sources: config.partners,
    decoding: settingsWith(),
    messages: messagesOf(config),
    metrics: createMetrics(),
    note: () => undefined,
    onFailure: (error) => {
      throw error;
    },
  });
  await until('the result is in the log', () => log.end(outboxTopics.results, 0) > 0);
  await outbox.drain(1_000);

  const [record] = await log.read(outboxTopics.results, 0, 0);
  const result = actionResult.parse(JSON.parse(new TextDecoder().decode(record?.value)));
  expect(result).toMatchObject({ actionId: 'action-1', result: 'sent', attempts: 1, error: null });
  expect(server.mails.map(({ to, parsed }) => [to[0], parsed.subject])).toEqual([
    ['ada@acme.example', 'Shipment shipment-1 will probably arrive late'],
    ['otto@acme.example', 'Sendung shipment-1 kommt voraussichtlich verspätet an'],
  ]);
  expect(server.mails.every(({ user }) => user === 'me')).toBe(true);
});
