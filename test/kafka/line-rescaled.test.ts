import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type LineRun, recordedDays, runLine, tableNames } from '../system/line-run.ts';
import { hasEmbeddedClickHouse, killLeftovers } from '../system/running-line.ts';
import { kafkaMissing } from './support/kafka.ts';
import { type SharedRun, sharedRun } from './support/shared-run.ts';

const PARTITIONS = 5;

/** Minutes, so it is in the long set: `npm run soak -- kafka`. */
const isLong = process.env['FOREWARN_SOAK'] !== undefined;
if (!isLong) console.warn('skipped: a line that grows and shrinks goes by npm run soak -- kafka');

describe.skipIf(!isLong || kafkaMissing !== undefined || !hasEmbeddedClickHouse())(
  'a line that grows from two processes to five under load, and shrinks to three',
  () => {
    const documents = recordedDays(1).slice(0, 200);
    const otherwise = { dead_letters: ['origin_offset'] };
    let folder: string;
    let alone: LineRun;
    let shared: SharedRun;
    let ends: Readonly<Record<string, readonly number[]>>;

    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'forewarn-rescaled-line-'));
      alone = await runLine({ folder, name: 'alone', documents, partitions: PARTITIONS, otherwise });
      shared = await sharedRun({
        folder: join(folder, 'shared'),
        partitions: PARTITIONS,
        documents,
        alone,
        otherwise,
        begin: async (line) => {
          await Promise.all([line.join('one'), line.join('two')]);
          await line.placed();
        },
        events: [
          {
            at: { after: 50, moment: 'while sending' },
            // The day goes on while they join.
            act: async (line) => {
              void Promise.all(['three', 'four', 'five'].map((name) => line.join(name)));
            },
          },
          {
            at: { after: 120, moment: 'while sending' },
            act: async (line) => {
              await line.leave('one');
              await line.leave('two');
            },
          },
        ],
        atEnd: async (line) => {
          await line.placed();
          ends = await line.numbers();
        },
      });
    }, 1_800_000);

    afterAll(async () => {
      killLeftovers();
      await alone?.receiver.close();
      await shared?.close();
      await rm(folder, { recursive: true, force: true });
    });

    it('ended with a share for each that is left', () => {
      expect(Object.keys(ends).sort()).toEqual(['five', 'four', 'three']);
      expect(
        Object.values(ends)
          .map(({ length }) => length)
          .sort((a, b) => a - b),
      ).toEqual([1, 2, 2]);
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
