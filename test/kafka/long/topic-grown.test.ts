import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { configuration, type LineRun, recordedDays, runLine, tableNames } from '../../system/line-run.ts';
import { hasEmbeddedClickHouse, killLeftovers, startCommand } from '../../system/running-line.ts';
import { firstDifferences, rowsOf, withTables } from '../../system/table-contents.ts';
import { makeForeignTopic } from '../support/foreign-topic.ts';
import { brokers, freshPrefix, kafkaMissing } from '../support/kafka.ts';

const BEFORE = 2;
const AFTER = 3;

describe.skipIf(kafkaMissing !== undefined || !hasEmbeddedClickHouse())(
  'a line one of whose topics has grown, gone on with under another prefix',
  () => {
    const documents = recordedDays(1).slice(0, 160);
    const otherwise = { dead_letters: ['origin_offset'] };
    const kafkaOf = (prefix: string): string =>
      `{ brokers: [${brokers.map((broker) => `"${broker}"`).join(', ')}], prefix: ${prefix} }`;
    const [before, after] = [freshPrefix(), freshPrefix()];
    let folder: string;
    let alone: LineRun;
    let first: LineRun;
    let again: LineRun;
    let refusal: string;
    let copied: string;

    const commandOf = async (...args: readonly string[]): Promise<{ code: number | null; said: string }> => {
      const command = startCommand(args, { RECEIVER_SECRET: first.receiver.secret });
      const { code } = await command.exited;
      return { code, said: command.output() };
    };

    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'forewarn-grown-'));
      const file = (name: string): string => join(folder, `${name}.yaml`);
      alone = await runLine({ folder, name: 'alone', documents, partitions: AFTER, otherwise });
      first = await runLine({
        folder,
        name: 'first',
        documents,
        busyAfter: alone.played.busyAfter,
        partitions: BEFORE,
        kafka: kafkaOf(before),
        otherwise,
      });
      const topic = await makeForeignTopic(brokers, `${before}.tracking`, { partitions: BEFORE });
      await topic.growTo(BEFORE + 2);
      await topic.close();
      const refused = await commandOf('run', '--config', file('first'), '--data', join(folder, 'first'));
      expect(refused.code).toBe(1);
      refusal = refused.said;
      await writeFile(
        file('again'),
        configuration({ receiverUrl: 'http://127.0.0.1:1', partitions: AFTER, kafka: kafkaOf(after) }),
      );
      const heard = await commandOf('rehear', '--from', file('first'), '--config', file('again'));
      copied = heard.said;
      expect(heard.code, copied).toBe(0);
      again = await runLine({
        folder,
        name: 'again',
        documents: [],
        partitions: AFTER,
        kafka: kafkaOf(after),
        otherwise,
      });
    }, 1_200_000);

    afterAll(async () => {
      killLeftovers();
      for (const run of [alone, first, again]) await run?.receiver.close();
      await rm(folder, { recursive: true, force: true });
    });

    it('does not start, and says how it goes on', () => {
      expect(refusal).toContain(
        `FW219 Kafka topic "${before}.tracking" has 4 partitions, and 2 are wanted; set log.partitions back, or let another log.kafka.prefix hear all of it again with forewarn rehear`,
      );
      expect(copied).toMatch(/Kafka topics \S+: \d+ records heard again, the last at log time 2026-01-05/);
    });

    it('hears nothing twice', async () => {
      const { code, said } = await commandOf(
        'rehear',
        '--from',
        join(folder, 'first.yaml'),
        '--config',
        join(folder, 'again.yaml'),
      );
      expect(code).toBe(1);
      expect(said).toMatch(
        /FW324 Kafka topics \S+: topic "\S+" holds records; give another log.kafka.prefix/,
      );
    });

    it.each(tableNames)(
      'has in %s exactly the rows of a line that always had as many partitions',
      async (table) => {
        const differences =
          alone.contents[table]?.hash === again.contents[table]?.hash
            ? ''
            : firstDifferences(
                await withTables(alone.data, (client) => rowsOf(client, table)),
                await withTables(again.data, (client) => rowsOf(client, table)),
              );
        expect(again.contents[table], differences).toEqual(alone.contents[table]);
      },
    );

    it('sends nothing again', () => {
      expect(first.receiver.received.size).toBeGreaterThan(0);
      expect(again.receiver.received.size).toBe(0);
    });
  },
);
