import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { removeUnlessKept } from '../support/remove-unless-kept.ts';
import { type LineRun, recordedDays, runLine, tableNames } from '../system/line-run.ts';
import { hasEmbeddedClickHouse, killLeftovers } from '../system/running-line.ts';
import { kafkaMissing } from './support/kafka.ts';
import { type Broker, startBroker } from './support/broker.ts';
import { disturb } from './support/disturb.ts';
import { disturbances } from './support/disturbances.ts';
import { has } from './support/kafka-jars.ts';
import type { Member, SharedLine } from './support/shared-line.ts';
import { type SharedRun, sharedRun } from './support/shared-run.ts';

const PARTITIONS = 3;
const isLong = process.env['FOREWARN_CHAOS'] !== undefined;
/** `FOREWARN_SEED=7` for other moments and other victims, or for those of a run that failed. */
const SEED = Number(process.env['FOREWARN_SEED'] ?? 1);
/** A whole day where there is time for it: fourteen actions instead of two. */
const DOCUMENTS = isLong ? Infinity : 160;
const EVENTS = isLong ? 20 : 4;
const EVENTS_WITHIN_MS = isLong ? 580_000 : 30_000;
/** Some have their tasks in a thread: one of those that it begins with, and every second one that comes later. */
const workersOf = (name: string): number => (/^(two|new-\d*[02468])$/.test(name) ? 1 : 0);
/** Somebody is taken for dead before the rest begins. */
const ZOMBIE_MS = 10_000;

const canStart = has('java', '-version');
if (!canStart)
  console.warn('test/kafka/line-shared is skipped: it starts a broker of its own, and there is no Java');

describe.skipIf(kafkaMissing !== undefined || !canStart || !hasEmbeddedClickHouse())(
  'a line of several processes, some of them killed, stopped or without their broker',
  () => {
    const documents = recordedDays(1).slice(0, DOCUMENTS);
    /** Where a record lies is the log's affair: in Kafka the ends of transactions lie between. */
    const otherwise = { dead_letters: ['origin_offset'] };
    const planned = disturbances(SEED, EVENTS, EVENTS_WITHIN_MS);
    const story: string[] = [];
    let folder: string;
    let broker: Broker;
    let alone: LineRun;
    let shared: SharedRun;
    let zombie: Member;
    /** Numbers by member, at the moments that matter. */
    const seen: Record<string, Readonly<Record<string, readonly number[]>>> = {};
    const heard = new Map<string, number>();
    let workers: Readonly<Record<string, number | undefined>>;

    const ownerOf = async (line: SharedLine, number: number): Promise<string> =>
      Object.entries(await line.numbers()).find(([, has]) => has.includes(number))![0];
    const takeForDead = async (line: SharedLine): Promise<void> => {
      zombie = line.pause(await ownerOf(line, 0));
      await line.placed();
      line.resume(zombie);
      await line.placed();
      seen['the zombie is back'] = await line.numbers();
    };
    const note = (what: string): void => {
      story.push(what);
      console.log(what);
    };

    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'forewarn-shared-line-'));
      console.log(`FOREWARN_SEED=${SEED} repeats this`);
      broker = await startBroker();
      alone = await runLine({ folder, name: 'alone', documents, partitions: PARTITIONS, otherwise });
      note(`alone: ${alone.tookSec} s`);
      shared = await sharedRun({
        folder: join(folder, 'shared'),
        partitions: PARTITIONS,
        documents,
        alone,
        otherwise,
        at: [broker.address],
        standby: 1,
        copies: 'exceptions',
        workersOf,
        // Before it is whole again the next thing may have happened, and so on until the last.
        patienceMs: EVENTS_WITHIN_MS + 240_000,
        begin: async (line) => {
          await Promise.all([line.join('one'), line.join('two')]);
          await line.placed();
          seen['two of them'] = await line.numbers();
          await line.join('three');
          await line.placed();
          seen['three of them'] = await line.numbers();
          workers = await line.workers();
        },
        meanwhile: {
          lastsMs: ZOMBIE_MS + EVENTS_WITHIN_MS,
          run: async (line) => {
            await takeForDead(line);
            await disturb({ line, broker, disturbances: planned, note });
            await line.placed();
          },
        },
        atEnd: async (line) => {
          await line.placed();
          seen['at the end'] = await line.numbers();
          for (const { name, url } of line.members) {
            const metrics = await (await fetch(`${url}/metrics`)).text();
            const accepted = /^forewarn_ingest_documents_total\{.*result="accepted".*\} (\d+)$/gm;
            const counts = [...metrics.matchAll(accepted)].map(([, count]) => Number(count));
            heard.set(
              name,
              counts.reduce((sum, count) => sum + count, 0),
            );
          }
        },
      }).catch((cause: unknown) => {
        throw new Error([String(cause), ...story].join('\n'), { cause });
      });
    }, 2_400_000);

    afterAll(async () => {
      killLeftovers();
      await alone?.receiver.close();
      await shared?.close();
      await broker?.stop();
      await removeUnlessKept(folder);
    });

    it('gave each number to one process, and a share to each that joined', () => {
      const shares = (when: string) =>
        Object.values(seen[when]!)
          .map(({ length }) => length)
          .sort((a, b) => a - b);
      expect(shares('two of them')).toEqual([1, 2]);
      expect(shares('three of them')).toEqual([1, 1, 1]);
      expect(
        Object.values(seen['at the end']!)
          .flat()
          .sort((a, b) => a - b),
      ).toEqual([0, 1, 2]);
    });

    it('had their tasks in threads in some of them, and in others not', () => {
      expect(workers).toEqual({ one: 0, two: 1, three: 0 });
    });

    it('took input by every process that lived to the end, and was disturbed as planned', () => {
      expect(new Set(planned.map(({ kind }) => kind)).size).toBe(4);
      expect(heard.size).toBe(3);
      for (const [name, count] of heard) expect(count, name).toBeGreaterThan(0);
      for (const table of ['tracking_events', 'shipment_plans', 'exceptions', 'actions'] as const)
        expect(alone.contents[table]?.rows, table).toBeGreaterThan(0);
    });

    it('stood by for what came to it', () => {
      const told = shared.outputs().filter((output) => /stands by for partition numbers/.test(output));
      expect(told.length).toBeGreaterThan(0);
    });

    it('dropped what it had lost while it was stopped, and took its share again', () => {
      expect(zombie.output()).toMatch(/partition number 0 was dropped: (lost to|taken by) another process/);
      expect(seen['the zombie is back']![zombie.name]!.length).toBeGreaterThan(0);
    });

    it.each(tableNames)('left in %s exactly the rows of one process, undisturbed', async (table) => {
      const told = [await shared.differences(table), ...story].join('\n');
      expect(shared.contents[table], told).toEqual(alone.contents[table]);
    });

    it('wrote every row once into a topic of others, whoever had its partition', () => {
      const { ours, theirs } = shared.copied;
      expect(ours.length).toBeGreaterThan(0);
      expect(theirs).toEqual(ours);
    });

    it('sent every webhook under one key with one body, that of the process that nothing disturbed', () => {
      const bodiesOf = ({
        receiver,
      }: Pick<LineRun, 'receiver'>): Readonly<Record<string, readonly string[]>> =>
        Object.fromEntries(
          [...receiver.received]
            .sort(([a], [b]) => (a < b ? -1 : 1))
            .map(([key, { bodies }]) => [key, [...bodies]]),
        );
      expect(bodiesOf(shared)).toEqual(bodiesOf(alone));
    });
  },
);
