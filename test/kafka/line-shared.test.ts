import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { packageRoot } from '../../runtime/package-root.ts';
import { connectClickHouse } from '../../sinks/clickhouse/client.ts';
import {
  type EmbeddedClickHouse,
  startEmbeddedClickHouse,
} from '../../sinks/clickhouse/embedded/embedded-clickhouse.ts';
import type { TableContent } from '../support/content-hash.ts';
import { type S3Server, startS3Server } from '../support/s3-server.ts';
import { until } from '../support/until.ts';
import { type GatedReceiver, startGatedReceiver } from '../system/gated-receiver.ts';
import {
  configuration,
  contentsOf,
  type LineRun,
  recordedDays,
  runLine,
  tableNames,
} from '../system/line-run.ts';
import { type Kill, type Played, playDay } from '../system/play-day.ts';
import { hasEmbeddedClickHouse, killLeftovers, type RunningLine } from '../system/running-line.ts';
import { firstDifferences, rowsOf, withTables } from '../system/table-contents.ts';
import { brokers, freshPrefix, kafkaMissing } from './support/kafka.ts';
import { type Member, type SharedLine, sharedLine } from './support/shared-line.ts';

const PARTITIONS = 3;

describe.skipIf(kafkaMissing !== undefined || !hasEmbeddedClickHouse())(
  'a line of several processes, some of them killed',
  () => {
    const documents = recordedDays(1).slice(0, 240);
    const kills: readonly Kill[] = [
      { after: 60, moment: 'while sending' },
      { after: 120, moment: 'before an answer' },
      { after: 180, moment: 'while sending' },
    ];
    /** Where a record lies is the log's affair: in Kafka the ends of transactions lie between. */
    const otherwise = { dead_letters: ['origin_offset'] };
    let folder: string;
    let alone: LineRun;
    let store: S3Server;
    let clickhouse: EmbeddedClickHouse;
    let receiver: GatedReceiver;
    let line: SharedLine;
    let played: Played;
    let contents: Readonly<Record<string, TableContent>>;
    let zombie: Member;
    /** Numbers by member, at the moments that matter. */
    const seen: Record<string, Readonly<Record<string, readonly number[]>>> = {};
    const heard = new Map<string, number>();

    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'forewarn-shared-line-'));
      alone = await runLine({ folder, name: 'alone', documents, partitions: PARTITIONS, otherwise });
      store = await startS3Server('forewarn');
      clickhouse = await startEmbeddedClickHouse({ folder: join(folder, 'shared', 'clickhouse') });
      receiver = await startGatedReceiver();
      await cp(join(packageRoot, 'models', 'registry'), join(folder, 'models'), { recursive: true });
      const config = join(folder, 'shared.yaml');
      const names = brokers.map((broker) => `"${broker}"`).join(', ');
      await writeFile(
        config,
        configuration({
          receiverUrl: receiver.url,
          partitions: PARTITIONS,
          kafka: `{ brokers: [${names}], prefix: ${freshPrefix()}, group: line, session: 6s }`,
          clickhouse: `, url: "${clickhouse.url}"`,
          models: `, folder: "${join(folder, 'models')}"`,
          more: `snapshots: { s3: { endpoint: "${store.url}", pathStyle: true } }\n`,
        }),
      );
      const environment = {
        RECEIVER_SECRET: receiver.secret,
        AWS_ACCESS_KEY_ID: 'key',
        AWS_SECRET_ACCESS_KEY: 'secret',
      };
      line = await sharedLine({ folder, config, environment, partitions: PARTITIONS });
      await Promise.all([line.join('one'), line.join('two')]);
      await line.placed();
      seen['two of them'] = await line.numbers();
      await line.join('three');
      await line.placed();
      seen['three of them'] = await line.numbers();

      const begun = performance.now();
      let lives = 0;
      /** By a number that they have, and whether they are killed or only stopped until the others have all. */
      const victims = [
        { number: 0, how: 'killed' },
        { number: 1, how: 'killed' },
        { number: 0, how: 'stopped' },
      ];
      /** All of them as one line: it dies in part, and goes on as what is left. */
      const whole = (): RunningLine => ({
        pid: -1,
        url: line.url,
        output: () => line.members.map(({ name, output }) => `${name}: ${output()}`).join('\n'),
        send: () => undefined,
        exited: Promise.resolve({ code: 0, signal: null }),
        kill: async () => {
          const { number, how } = victims.shift()!;
          const owner = Object.entries(await line.numbers()).find(([, has]) => has.includes(number))![0];
          if (how === 'killed') return line.kill(owner);
          const stopped = line.pause(owner);
          await line.placed();
          line.resume(stopped);
          zombie = stopped;
          await until(
            'it has a share again',
            async () => ((await line.numbers())[owner] ?? []).length > 0,
            120_000,
          );
        },
      });
      const start = async (): Promise<RunningLine> => {
        await line.placed();
        // One that takes the place of the first that was killed, and comes while the line is at work.
        if (lives === 1) void line.join('four');
        lives += 1;
        return whole();
      };
      const { busyAfter } = alone.played;
      try {
        played = await playDay({ documents, receiver, start, busyAfter, kills });
      } catch (error) {
        console.error(whole().output());
        throw error;
      }
      seen['at the end'] = await line.numbers();
      for (const { name, url } of line.members) {
        const metrics = await (await fetch(`${url}/metrics`)).text();
        const counts = [
          ...metrics.matchAll(/^forewarn_ingest_documents_total\{.*result="accepted".*\} (\d+)$/gm),
        ];
        heard.set(
          name,
          counts.reduce((sum, [, count]) => sum + Number(count), 0),
        );
      }
      await line.stop();
      console.log(
        `played: ${alone.tookSec} s alone, ${Math.round((performance.now() - begun) / 1_000)} s shared with kills`,
      );
      const client = connectClickHouse({ url: clickhouse.url, database: 'forewarn' });
      contents = await contentsOf(client, otherwise);
      await client.close();
    }, 900_000);

    afterAll(async () => {
      killLeftovers();
      await alone?.receiver.close();
      await receiver?.close();
      await clickhouse?.stop();
      await store?.close();
      await rm(folder, { recursive: true, force: true });
    });

    it('gave each number to one process, and a share to each that joined', () => {
      const shares = (when: string) =>
        Object.values(seen[when]!)
          .map(({ length }) => length)
          .sort();
      expect(shares('two of them')).toEqual([1, 2]);
      expect(shares('three of them')).toEqual([1, 1, 1]);
      expect(Object.values(seen['at the end']!).flat().sort()).toEqual([0, 1, 2]);
    });

    it('took input by every process that lived to the end, and was killed as planned', () => {
      expect(played.killed).toEqual(kills.map(({ moment }) => moment));
      for (const [name, count] of heard) expect(count, name).toBeGreaterThan(0);
      for (const table of ['tracking_events', 'shipment_plans', 'exceptions', 'actions'] as const)
        expect(alone.contents[table]?.rows, table).toBeGreaterThan(0);
    });

    it('dropped what it had lost while it was stopped, and took its share again', () => {
      expect(zombie.output()).toMatch(/partition number 0 was dropped: (lost to|taken by) another process/);
      expect(seen['at the end']![zombie.name]!.length).toBeGreaterThan(0);
    });

    it.each(tableNames)('left in %s exactly the rows of one process, undisturbed', async (table) => {
      const wanted = alone.contents[table];
      const found = contents[table];
      let differences = '';
      if (wanted?.hash !== found?.hash) {
        const client = connectClickHouse({ url: clickhouse.url, database: 'forewarn' });
        differences = firstDifferences(
          await withTables(alone.data, (tables) => rowsOf(tables, table)),
          await rowsOf(client, table),
        );
        await client.close();
      }
      expect(found, differences).toEqual(wanted);
    });

    it('sent every webhook under one key with one body', () => {
      expect([...receiver.received.keys()].sort()).toEqual([...alone.receiver.received.keys()].sort());
      for (const [key, { bodies }] of receiver.received) expect([key, bodies.size]).toEqual([key, 1]);
    });
  },
);
