import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { partitionsByTopic } from '../../pipelines/topics.ts';
import { until } from '../support/until.ts';
import { type LineRun, recordedDays, runLine, tableNames } from '../system/line-run.ts';
import { hasEmbeddedClickHouse, killLeftovers } from '../system/running-line.ts';
import { kafkaMissing } from './support/kafka.ts';
import type { Member, SharedLine } from './support/shared-line.ts';
import { sharedRun, type SharedRun } from './support/shared-run.ts';

const PARTITIONS = 6;
const DOCUMENTS = 80;

/** Minutes, so it is in the long set: `npm run soak -- kafka`. */
const isLong = process.env['FOREWARN_SOAK'] !== undefined;
if (!isLong) console.warn('skipped: what each process of a line reads goes by npm run soak -- kafka');

/** Of these the page reads all partitions, where somebody looks at it and where number 0 is. */
const READ_WHOLE = ['exceptions', 'actions', 'outcomes', 'decisions', 'dispatches', 'causes'];

interface Reading {
  readonly name: string;
  readonly numbers: readonly number[];
  /** Records by topic and partition, `tracking/0`. */
  readonly records: ReadonlyMap<string, number>;
}

const FETCHED = /^forewarn_log_fetched_records_total\{topic="([^"]+)",partition="(\d+)"\} (\d+)$/gm;

const readingOf = async ({ name, url }: Member, numbers: readonly number[]): Promise<Reading> => {
  const text = await (await fetch(`${url}/metrics`)).text();
  const records = new Map<string, number>();
  for (const [, topic, partition, count] of text.matchAll(FETCHED))
    records.set(`${topic!.slice(topic!.indexOf('.') + 1)}/${partition}`, Number(count));
  return { name, numbers, records };
};

const sumOf = ({ records }: Reading, isMeant: (topic: string) => boolean): number =>
  [...records].reduce((sum, [place, count]) => sum + (isMeant(place.split('/')[0]!) ? count : 0), 0);

const keyed = new Set(
  Object.entries(partitionsByTopic(PARTITIONS)).flatMap(([topic, partitions]) =>
    partitions === 1 ? [] : [topic.startsWith('~') ? `${topic.slice(1)}-repartition` : topic],
  ),
);
const DESK = 'one';

const isWhole = (topic: string): boolean => READ_WHOLE.includes(topic);
const isLog = (topic: string): boolean => topic.startsWith('log-');

describe.skipIf(!isLong || kafkaMissing !== undefined || !hasEmbeddedClickHouse())(
  'processes of a line that nothing disturbs',
  () => {
    const documents = recordedDays(1).slice(0, DOCUMENTS);
    const otherwise = { dead_letters: ['origin_offset'] };
    const sizes = [2, 3];
    const names = ['one', 'two', 'three'];
    const runs = new Map<number, SharedRun>();
    const readings = new Map<number, readonly Reading[]>();
    let folder: string;
    let alone: LineRun;

    const readAll = async (line: SharedLine): Promise<readonly Reading[]> => {
      const numbers = await line.numbers();
      return Promise.all(line.members.map((member) => readingOf(member, numbers[member.name]!)));
    };

    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'forewarn-line-reads-'));
      alone = await runLine({ folder, name: 'alone', documents, partitions: PARTITIONS, otherwise });
      for (const size of sizes) {
        const run = await sharedRun({
          folder: join(folder, `of-${size}`),
          partitions: PARTITIONS,
          documents,
          alone,
          otherwise,
          begin: async (line) => {
            await Promise.all(names.slice(0, size).map((name) => line.join(name)));
            // Kafka moves what is to move in rounds.
            await until('each has its share', async () =>
              Object.values(await line.numbers()).every(({ length }) => length === PARTITIONS / size),
            );
          },
          events: [],
          desk: DESK,
          atEnd: async (line) => void readings.set(size, await readAll(line)),
        });
        runs.set(size, run);
      }
      for (const [size, all] of readings) {
        for (const reading of all) {
          const parts = [
            `${sumOf(reading, (topic) => keyed.has(topic) && !isWhole(topic))} of most topics that are split`,
            `${sumOf(reading, isWhole)} of those that the page reads whole`,
            `${sumOf(reading, isLog)} of the log's own`,
            `${sumOf(reading, (topic) => !keyed.has(topic) && !isLog(topic))} of topics with one partition`,
          ];
          console.log(
            `of ${size}: ${reading.name} (${reading.numbers.join(', ')}) was brought ${parts.join(', ')}`,
          );
        }
      }
    }, 1_800_000);

    afterAll(async () => {
      killLeftovers();
      await alone?.receiver.close();
      for (const run of runs.values()) await run.close();
      await rm(folder, { recursive: true, force: true });
    });

    it.each(sizes)(
      'of %i were brought, of topics split by key, only what belongs to their numbers',
      (size) => {
        for (const { name, numbers, records } of readings.get(size)!) {
          for (const [place, count] of records) {
            const [topic = '', partition = ''] = place.split('/');
            const hasPage = numbers.includes(0) || name === DESK;
            const isOwn = numbers.includes(Number(partition)) || (isWhole(topic) && hasPage);
            if (keyed.has(topic) && !isOwn) expect([name, place, count]).toBeNull();
          }
          expect(records.get(`tracking/${numbers[0]}`), name).toBeGreaterThan(0);
        }
      },
    );

    it('are brought as much of those in all, however many they are', () => {
      const sum = (size: number): number =>
        readings
          .get(size)!
          .reduce((all, reading) => all + sumOf(reading, (topic) => keyed.has(topic) && !isWhole(topic)), 0);
      expect(sum(3) / sum(2)).toBeLessThan(1.1);
    });

    describe.each(sizes)('of %i', (size) => {
      it.each(tableNames)('left in %s exactly the rows of one process', async (table) => {
        const run = runs.get(size)!;
        expect(run.contents[table], await run.differences(table)).toEqual(alone.contents[table]);
      });
    });
  },
);
