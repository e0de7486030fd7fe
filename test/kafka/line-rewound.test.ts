import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { until } from '../support/until.ts';
import { contentsOf, type LineRun, recordedDays, runLine, tableNames } from '../system/line-run.ts';
import { type Command, hasEmbeddedClickHouse, killLeftovers, startCommand } from '../system/running-line.ts';
import { firstDifferences, rowsOf, withTables } from '../system/table-contents.ts';
import { brokers, freshPrefix, kafkaMissing } from './support/kafka.ts';

describe.skipIf(kafkaMissing !== undefined || !hasEmbeddedClickHouse())(
  'a line on Kafka that is taken back to a savepoint',
  () => {
    const documents = recordedDays(1).slice(0, 140);
    const otherwise = { dead_letters: ['origin_offset'] };
    let folder: string;
    let alone: LineRun;
    let inKafka: LineRun;
    let sent: ReadonlyMap<string, number>;
    const config = (): string => join(folder, 'kafka.yaml');

    const command = (args: readonly string[], environment: Readonly<Record<string, string>> = {}): Command =>
      startCommand([...args, '--config', config()], {
        RECEIVER_SECRET: inKafka.receiver.secret,
        ...environment,
      });
    const deliveries = (): ReadonlyMap<string, number> =>
      new Map([...inKafka.receiver.received].map(([key, one]) => [key, one.deliveries]));

    const settled = (data: string, ended: Promise<unknown>): Promise<void> => {
      let isOver = false;
      void ended.then(() => (isOver = true));
      return until(
        `${data} is settled`,
        async () => {
          if (isOver) throw new Error('it has ended');
          const text = await readFile(join(data, 'running.json'), 'utf8').catch(() => undefined);
          if (text === undefined) return false;
          const { url } = JSON.parse(text) as { url: string };
          const answer = await fetch(`${url}/v1/status`).catch(() => undefined);
          return ((await answer?.json()) as { settled: boolean } | undefined)?.settled === true;
        },
        120_000,
      );
    };

    /** Starts on a new folder, waits until all is decided again, and stops. Answers what it said. */
    const runTo = async (
      data: string,
      savepoint: string,
      environment: Readonly<Record<string, string>> = {},
    ): Promise<string> => {
      const args = ['run', '--port', '0', '--data', data, '--from-savepoint', savepoint];
      const line = command(args, environment);
      await settled(data, line.exited).catch((error: unknown) => {
        throw new Error(line.output(), { cause: error });
      });
      line.send('SIGINT');
      expect(await line.exited, line.output()).toMatchObject({ code: 0 });
      return line.output();
    };

    const expectWanted = async (data: string): Promise<void> => {
      const found = await withTables(data, (client) => contentsOf(client, otherwise));
      for (const table of tableNames) {
        const differences =
          alone.contents[table]?.hash === found[table]?.hash
            ? ''
            : firstDifferences(
                await withTables(alone.data, (client) => rowsOf(client, table)),
                await withTables(data, (client) => rowsOf(client, table)),
              );
        expect(found[table], `${table}: ${differences}`).toEqual(alone.contents[table]);
      }
      expect(deliveries()).toEqual(sent);
    };

    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'forewarn-rewound-kafka-'));
      alone = await runLine({ folder, name: 'alone', documents, otherwise });
      const kafka = `{ brokers: [${brokers.map((broker) => `"${broker}"`).join(', ')}], prefix: ${freshPrefix()} }`;
      const create = async (name: string): Promise<void> => {
        const file = join(folder, 'kafka.yaml');
        const data = join(folder, 'kafka');
        const made = startCommand(['savepoint', 'create', name, '--config', file, '--data', data], {
          RECEIVER_SECRET: 'whsec_none',
        });
        expect(await made.exited, made.output()).toMatchObject({ code: 0 });
      };
      inKafka = await runLine({
        folder,
        name: 'kafka',
        documents,
        busyAfter: alone.played.busyAfter,
        kafka,
        otherwise,
        pace: async (index) => {
          if (index === 90) await create('mid');
        },
      });
      sent = deliveries();
      console.log(`played: ${alone.tookSec} s embedded, ${inKafka.tookSec} s in Kafka`);
    }, 600_000);

    afterAll(async () => {
      killLeftovers();
      await alone?.receiver.close();
      await inKafka?.receiver.close();
      await rm(folder, { recursive: true, force: true });
    });

    it('has the rows of an undisturbed one in new tables, and sends nothing twice', async () => {
      expect(sent.size).toBeGreaterThan(0);
      const back = join(folder, 'back');
      const mid = join(folder, 'kafka', 'savepoints', 'mid');
      const said = await runTo(back, mid);
      expect(said).toMatch(
        /begins at savepoint "mid" \(generation 1\); [1-9]\d* commits made since are left/,
      );
      await expectWanted(back);
      // The same command finds the folder, and goes on.
      expect(await runTo(back, mid)).not.toContain('begins at');
      await expectWanted(back);
    }, 300_000);

    it('refuses the folder of before', async () => {
      const old = command(['run', '--port', '0', '--data', join(folder, 'kafka')]);
      expect(await old.exited).toMatchObject({ code: 1 });
      expect(old.output()).toMatch(
        /FW325 data folder \S+ is of generation 0, and Kafka topics \S+ of 1: they were taken back to savepoint "mid"; give --data/,
      );
    });

    it('is taken back to a savepoint of its stopped new folder, and once more to the first', async () => {
      const back = join(folder, 'back');
      const created = command(['savepoint', 'create', 'end', '--data', back]);
      expect(await created.exited, created.output()).toMatchObject({ code: 0 });
      expect(await command(['plan', '--savepoint', 'end', '--data', back]).exited).toMatchObject({ code: 0 });
      const end = join(folder, 'end');
      await runTo(end, join(back, 'savepoints', 'end'));
      await expectWanted(end);
      const again = join(folder, 'again');
      const mid = join(folder, 'kafka', 'savepoints', 'mid');
      const said = await runTo(again, mid, { FOREWARN_ENGINE_WORKERS: '1' });
      expect(said).toContain('(generation 3)');
      await expectWanted(again);
      const deleted = command(['savepoint', 'delete', 'mid', '--data', join(folder, 'kafka')]);
      expect(await deleted.exited, deleted.output()).toMatchObject({ code: 0 });
    }, 300_000);
  },
);
