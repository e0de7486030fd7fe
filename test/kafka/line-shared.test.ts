import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { until } from '../support/until.ts';
import { type LineRun, recordedDays, runLine, tableNames } from '../system/line-run.ts';
import { hasEmbeddedClickHouse, killLeftovers } from '../system/running-line.ts';
import { kafkaMissing } from './support/kafka.ts';
import type { Member, SharedLine } from './support/shared-line.ts';
import { type SharedEvent, type SharedRun, sharedRun } from './support/shared-run.ts';

const PARTITIONS = 3;
const DOCUMENTS = 160;

describe.skipIf(kafkaMissing !== undefined || !hasEmbeddedClickHouse())(
  'a line of several processes, some of them killed',
  () => {
    const documents = recordedDays(1).slice(0, DOCUMENTS);
    /** Where a record lies is the log's affair: in Kafka the ends of transactions lie between. */
    const otherwise = { dead_letters: ['origin_offset'] };
    let folder: string;
    let alone: LineRun;
    let shared: SharedRun;
    let zombie: Member;
    /** Numbers by member, at the moments that matter. */
    const seen: Record<string, Readonly<Record<string, readonly number[]>>> = {};
    const heard = new Map<string, number>();
    const takeOvers: number[] = [];

    const ownerOf = async (line: SharedLine, number: number): Promise<string> =>
      Object.entries(await line.numbers()).find(([, has]) => has.includes(number))![0];
    const kill = async (line: SharedLine, number: number): Promise<void> => {
      await line.kill(await ownerOf(line, number));
      const begun = performance.now();
      await line.placed();
      takeOvers.push(Math.round(performance.now() - begun));
    };

    const events: readonly SharedEvent[] = [
      {
        at: { after: 40, moment: 'while sending' },
        act: async (line) => {
          await kill(line, 0);
          // It takes the place of the one that was killed, and comes while the line is at work.
          void line.join('four');
        },
      },
      { at: { after: 80, moment: 'before an answer' }, act: (line) => kill(line, 1) },
      {
        at: { after: 120, moment: 'while sending' },
        act: async (line) => {
          zombie = line.pause(await ownerOf(line, 0));
          await line.placed();
          line.resume(zombie);
          const hasShare = async (): Promise<boolean> =>
            ((await line.numbers())[zombie.name] ?? []).length > 0;
          await until('it has a share again', hasShare, 120_000);
        },
      },
    ];

    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'forewarn-shared-line-'));
      alone = await runLine({ folder, name: 'alone', documents, partitions: PARTITIONS, otherwise });
      shared = await sharedRun({
        folder: join(folder, 'shared'),
        partitions: PARTITIONS,
        documents,
        alone,
        otherwise,
        standby: 1,
        begin: async (line) => {
          await Promise.all([line.join('one'), line.join('two')]);
          await line.placed();
          seen['two of them'] = await line.numbers();
          await line.join('three');
          // Kafka moves what is to move in a second round.
          await until(
            'the third has a share',
            async () => ((await line.numbers())['three'] ?? []).length > 0,
          );
          await line.placed();
          seen['three of them'] = await line.numbers();
        },
        events,
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
      });
      console.log(`numbers of a killed process ran elsewhere after ${takeOvers.join(' and ')} ms`);
    }, 900_000);

    afterAll(async () => {
      killLeftovers();
      await alone?.receiver.close();
      await shared?.close();
      await rm(folder, { recursive: true, force: true });
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

    it('took input by every process that lived to the end, and was disturbed as planned', () => {
      expect(shared.played.killed).toEqual(events.map(({ at }) => at.moment));
      expect(heard.size).toBe(2);
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
      expect(seen['at the end']![zombie.name]!.length).toBeGreaterThan(0);
    });

    it.each(tableNames)('left in %s exactly the rows of one process, undisturbed', async (table) => {
      expect(shared.contents[table], await shared.differences(table)).toEqual(alone.contents[table]);
    });

    it('sent every webhook under one key with one body', () => {
      expect([...shared.receiver.received.keys()].sort()).toEqual([...alone.receiver.received.keys()].sort());
      for (const [key, { bodies }] of shared.receiver.received) expect([key, bodies.size]).toEqual([key, 1]);
    });
  },
);
