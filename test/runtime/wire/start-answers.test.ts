import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { wallClock } from '../../../runtime/clock.ts';
import { loadConfig } from '../../../runtime/config/load-config.ts';
import { EmbeddedLog } from '../../../runtime/log/embedded-log.ts';
import { createMetrics } from '../../../runtime/metrics/metrics.ts';
import { messagesOf } from '../../../runtime/wire/channels.ts';
import { startOutbox } from '../../../runtime/wire/start-outbox.ts';
import { DEAD_LETTERS, outboxTopics } from '../../../sinks/outbox/outbox-topics.ts';
import { rules, rulesFolder } from '../../rules/shipped-rules.ts';
import { settingsWith } from '../../sources/decoders/decoder-settings.ts';
import * as edifact from '../../sources/decoders/edifact/interchange.ts';
import * as x12 from '../../sources/decoders/x12/interchange.ts';
import { tempFolder } from '../../support/temp-folder.ts';
import { until } from '../../support/until.ts';

it('acknowledges X12 and EDIFACT as forewarn.yaml says, each once, and strangers not at all', async () => {
  const folder = await tempFolder();
  const [file, carrier, line] = ['forewarn.yaml', '997', 'aperak'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  writeFileSync(
    file,
    `rules: ${rulesFolder}
dataFolder: ${folder}
partners:
  kline: { aperak: { folder: ${line} } }
destinations:
  customer-notifications: { url: 'http://127.0.0.1:9' }
  tms: { url: 'http://127.0.0.1:9' }
  desk: { url: 'http://127.0.0.1:9' }
  carrier:
    kind: x12-214
    folder: ${carrier}
    sender: { id: FOREWARN }
    receiver: { qualifier: '02', id: RDWY }
    scac: FWRN
    acknowledges: true
`,
  );
  const config = loadConfig({ file, environment: {} });
  const names = [...Object.values(outboxTopics), DEAD_LETTERS, 'raw', 'edi-interchanges', 'acknowledgements'];
  const topics = Object.fromEntries(names.map((topic) => [topic, 1]));
  const log = await EmbeddedLog.open({ folder: join(folder, 'log'), topics, time: () => wallClock });
  onTestFinished(() => log.close());
  const notes: string[] = [];
  const start = () =>
    startOutbox({
      log,
      rules,
      rulesFolder,
      destinations: config.destinations,
      sources: config.partners,
      decoding: settingsWith(),
      messages: messagesOf(config),
      metrics: createMetrics(),
      note: (said) => void notes.push(said),
      onFailure: (error) => {
        throw error;
      },
    });
  const receive = (source: string, contentType: string, text: string, documentId = 'one') =>
    log.append('raw', {
      key: source,
      value: Buffer.from(text, 'latin1'),
      headers: { source, contentType, documentId },
    });
  const filesIn = (where: string): string[] => {
    try {
      return readdirSync(where).filter((name) => name.endsWith('.edi'));
    } catch {
      return [];
    }
  };

  const outbox = await start();
  const status = edifact.interchange([edifact.departed('W1')]);
  await receive('stranger', 'application/edifact', status);
  await receive('kline', 'application/edifact', status);
  await receive('rdwy', 'application/edi-x12', x12.interchange([x12.delivered('P1')]));
  await until('both are acknowledged', () => filesIn(carrier).length + filesIn(line).length === 2);
  await outbox.stop();
  expect(filesIn(line)).toEqual(['APERAK-KLINE-000000001.edi']);
  expect(readFileSync(join(line, 'APERAK-KLINE-000000001.edi'), 'latin1')).toContain('BGM+312+1-1+9+AP');
  expect(readFileSync(join(carrier, filesIn(carrier)[0] ?? ''), 'latin1')).toContain('AK9*A*1*1*1~');

  const again = await start();
  await receive('kline', 'application/edifact', edifact.interchange([edifact.departed('W2')]), 'two');
  await until('the second is acknowledged', () => filesIn(line).length === 2);
  await again.stop();
  expect(filesIn(line)).toEqual(['APERAK-KLINE-000000001.edi', 'APERAK-KLINE-000000002.edi']);
  expect(filesIn(carrier)).toHaveLength(1);
  expect(notes).toEqual([]);
});
