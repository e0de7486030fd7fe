import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type LineRun, recordedDays, runLine, tableNames } from '../system/line-run.ts';
import type { Kill } from '../system/play-day.ts';
import { hasEmbeddedClickHouse, killLeftovers } from '../system/running-line.ts';
import { firstDifferences, rowsOf, withTables } from '../system/table-contents.ts';
import { brokers, freshPrefix, kafkaMissing } from './support/kafka.ts';

describe.skipIf(kafkaMissing !== undefined || !hasEmbeddedClickHouse())(
  'the whole line on Kafka as its log, killed and started again',
  () => {
    const documents = recordedDays(1).slice(0, 240);
    const kills: readonly Kill[] = [
      { after: 60, moment: 'while sending' },
      { after: 120, moment: 'while sending' },
      { after: 160, moment: 'before an answer' },
    ];
    /** Where a record lies is the log's affair: in Kafka the ends of transactions lie between. */
    const otherwise = { dead_letters: ['origin_offset'] };
    let folder: string;
    let embedded: LineRun;
    let inKafka: LineRun;

    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'forewarn-kafka-line-'));
      embedded = await runLine({ folder, name: 'embedded', documents, otherwise });
      const { busyAfter } = embedded.played;
      const kafka = `{ brokers: [${brokers.map((broker) => `"${broker}"`).join(', ')}], prefix: ${freshPrefix()} }`;
      inKafka = await runLine({ folder, name: 'kafka', documents, busyAfter, kills, kafka, otherwise });
      console.log(`played: ${embedded.tookSec} s embedded, ${inKafka.tookSec} s in Kafka with kills`);
    }, 900_000);

    afterAll(async () => {
      killLeftovers();
      await embedded?.receiver.close();
      await inKafka?.receiver.close();
      await rm(folder, { recursive: true, force: true });
    });

    it('was killed as planned, raised something, and ended in order', () => {
      expect(inKafka.played.killed).toEqual(kills.map(({ moment }) => moment));
      expect(inKafka.played.end).toEqual({ code: 0, signal: null });
      for (const table of ['tracking_events', 'shipment_plans', 'exceptions', 'actions'] as const)
        expect(embedded.contents[table]?.rows, table).toBeGreaterThan(0);
    });

    it.each(tableNames)('left in %s exactly the rows of the embedded log, undisturbed', async (table) => {
      const wanted = embedded.contents[table];
      const found = inKafka.contents[table];
      const differences =
        wanted?.hash === found?.hash
          ? ''
          : firstDifferences(
              await withTables(embedded.data, (client) => rowsOf(client, table)),
              await withTables(inKafka.data, (client) => rowsOf(client, table)),
            );
      expect(found, differences).toEqual(wanted);
    });

    it('sent every webhook under one key with one body', () => {
      expect([...inKafka.receiver.received.keys()].sort()).toEqual(
        [...embedded.receiver.received.keys()].sort(),
      );
      for (const [key, { bodies }] of inKafka.receiver.received) expect([key, bodies.size]).toEqual([key, 1]);
    });
  },
);
