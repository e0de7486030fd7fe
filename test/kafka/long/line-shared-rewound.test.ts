import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readMarker } from '../../../runtime/wire/data-folder.ts';
import { type LineRun, recordedDays, runLine, tableNames } from '../../system/line-run.ts';
import { hasEmbeddedClickHouse, killLeftovers, startCommand } from '../../system/running-line.ts';
import { kafkaMissing } from '../support/kafka.ts';
import type { SharedLine } from '../support/shared-line.ts';
import { type SharedRun, sharedRun } from '../support/shared-run.ts';

const PARTITIONS = 3;
const DATABASE = 'forewarn_2';

describe.skipIf(kafkaMissing !== undefined || !hasEmbeddedClickHouse())(
  'a line of two processes that is taken back to a savepoint in the middle of its day',
  () => {
    const documents = recordedDays(1).slice(0, 180);
    const otherwise = { dead_letters: ['origin_offset'] };
    let folder: string;
    let alone: LineRun;
    let shared: SharedRun;
    let refused: string;

    const create = async (name: string): Promise<{ code: number | null; said: string }> => {
      const config = join(folder, 'shared', 'forewarn.yaml');
      const args = ['savepoint', 'create', name, '--config', config];
      const made = startCommand([...args, '--data', join(folder, 'shared', 'one')], {
        RECEIVER_SECRET: 'whsec_none',
        AWS_ACCESS_KEY_ID: 'key',
        AWS_SECRET_ACCESS_KEY: 'secret',
      });
      const { code } = await made.exited;
      return { code, said: made.output() };
    };
    const leaveAll = async (line: SharedLine): Promise<void> => {
      for (const name of line.members.map((member) => member.name)) await line.leave(name);
    };

    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'forewarn-rewound-shared-'));
      alone = await runLine({ folder, name: 'alone', documents, partitions: PARTITIONS, otherwise });
      const begin = async (line: SharedLine): Promise<void> => {
        await Promise.all([line.join('one'), line.join('two')]);
        await line.placed();
      };
      shared = await sharedRun({
        folder: join(folder, 'shared'),
        partitions: PARTITIONS,
        documents,
        alone,
        otherwise,
        database: DATABASE,
        standby: 1,
        begin,
        events: [
          {
            at: { after: 80, moment: 'while sending' },
            act: async (line) => {
              const early = await create('early');
              expect(early.code).toBe(1);
              refused = early.said;
              await leaveAll(line);
              const { code, said } = await create('mid');
              expect(code, said).toBe(0);
              await begin(line);
            },
          },
          {
            at: { after: 130, moment: 'while sending' },
            act: async (line) => {
              const environment = { FOREWARN_CLICKHOUSE_DATABASE: DATABASE };
              const mid = join(folder, 'shared', 'one', 'savepoints', 'mid');
              await line.leave('one');
              await expect(
                line.join('three', undefined, { environment, args: ['--from-savepoint', mid] }),
              ).rejects.toMatchObject({
                output: expect.stringMatching(/FW104 Kafka topics \S+: processes of group "line" run/),
              });
              await leaveAll(line);
              await line.join('three', undefined, { environment, args: ['--from-savepoint', mid] });
              // With the tables of before it does not begin.
              await expect(line.join('four')).rejects.toMatchObject({
                output: expect.stringMatching(
                  /FW324 database "forewarn" at \S+ holds rows of after savepoint "mid"/,
                ),
              });
              await line.join('four', undefined, { environment });
              await line.placed();
            },
          },
        ],
      });
    }, 1_200_000);

    afterAll(async () => {
      killLeftovers();
      await alone?.receiver.close();
      await shared?.close();
      await rm(folder, { recursive: true, force: true });
    });

    it('has no savepoint made while it runs', () => {
      expect(refused).toMatch(
        /FW322 a savepoint of Kafka topics \S+ is made while none of the processes runs/,
      );
    });

    it('has given every process that came the generation of the log', () => {
      for (const [name, generation] of [
        ['one', 0],
        ['three', 1],
        ['four', 1],
      ] as const) {
        expect(readMarker(join(folder, 'shared', name)), name).toMatchObject({ generation });
      }
    });

    it.each(tableNames)('left in %s exactly the rows of one process, undisturbed', async (table) => {
      expect(shared.contents[table], await shared.differences(table)).toEqual(alone.contents[table]);
    });

    it('sent the same, each time with the same words', () => {
      const bodies = ({ receiver }: Pick<LineRun, 'receiver'>) =>
        new Map([...receiver.received].map(([key, one]) => [key, [...one.bodies]]));
      expect(alone.receiver.received.size).toBeGreaterThan(0);
      expect(bodies(shared)).toEqual(bodies(alone));
    });
  },
);
