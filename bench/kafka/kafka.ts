import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Bench } from '../bench.ts';
import { jsonLines, runProcess } from '../nexmark/child-process.ts';
import { median } from '../quantile.ts';
import type { Cell } from '../table.ts';
import { withTempFolder } from '../temp-folder.ts';
import { type TaskName, tasks } from './definitions.ts';
import { AGAIN } from './input.ts';
import { TABLE } from './into-tables.ts';
import type { Measured } from './measured.ts';
import type { Outcome } from './outcome.ts';
import type { RunSettings } from './run-one.ts';
import { buildStreams } from './streams.ts';

const COUNT = 400_000;
const ROUNDS = 3;
const PARTITIONS = 2;

const contenders = ['client', 'client and back', 'forewarn', 'forewarn and tables', 'streams'] as const;
type Contender = (typeof contenders)[number];

const names: Readonly<Record<Contender, string>> = {
  client: 'the client alone: consumed and counted',
  'client and back': 'the client alone: consumed, and written again in transactions',
  forewarn: 'Forewarn',
  'forewarn and tables': 'Forewarn, and into ClickHouse',
  streams: 'Kafka Streams',
};

/** What the client alone writes again are the records of one topic as they are: nothing to hold a join against. */
const contendersOf = (task: TaskName): readonly Contender[] =>
  task === 'pass-through' ? contenders : contenders.filter((who) => who !== 'client and back');

const script = fileURLToPath(new URL('run-one.js', import.meta.url));

const inProcess = async (what: string, settings: RunSettings): Promise<unknown> => {
  const printed = await runProcess(process.execPath, [
    '--max-semi-space-size=64',
    script,
    what,
    JSON.stringify(settings),
  ]);
  return jsonLines(printed).at(-1);
};

const run = async (
  who: Contender,
  settings: RunSettings,
  classPath: string,
  folder: string,
): Promise<Measured> => {
  if (who !== 'streams') return (await inProcess(who, settings)) as Measured;
  const { brokers, prefix, task } = settings;
  const printed = await runProcess('java', [
    '-cp',
    classPath,
    'Streams',
    brokers.join(','),
    prefix,
    task,
    join(folder, prefix),
  ]);
  return jsonLines(printed).at(-1) as Measured;
};

/** What all wrote must be the same, in their topics and in the table. */
const sameOutcome = async (settings: RunSettings, inTable: Outcome): Promise<Outcome> => {
  const topics = ['out', TABLE, 'streams-out', ...(settings.task === 'pass-through' ? [AGAIN] : [])];
  const found = [['the table', inTable]] as [string, Outcome][];
  for (const topic of topics)
    found.push([topic, (await inProcess('outcome', { ...settings, topic })) as Outcome]);
  const same = ({ rows, sum }: Outcome): boolean => rows === inTable.rows && Math.abs(sum - inTable.sum) < 1;
  if (found.every(([, outcome]) => same(outcome))) return inTable;
  throw new Error(
    `${settings.task}: ${found.map(([where, { rows, sum }]) => `${where} has ${rows} rows with the sum ${sum}`).join(', ')}`,
  );
};

/** Records of a task: those of both sides for a join, which the client alone reads one of. */
const recordsOf = (task: TaskName, who: Contender, count: number): number =>
  task === 'windowed join' && who !== 'client' ? 2 * count : count;

const working = ({ seconds, openSeconds }: Measured): number => seconds - openSeconds;

export const kafkaBench: Bench = {
  name: 'kafka',
  about:
    'through Kafka and back, beside the client alone and Kafka Streams; wants KAFKA_BROKERS (.ci/kafka bench)',
  options: { records: `records in each topic (${COUNT})`, rounds: `rounds (${ROUNDS})` },
  run: (say, { records, rounds }) =>
    withTempFolder(async (folder) => {
      const given = process.env['KAFKA_BROKERS'];
      if (given === undefined)
        throw new Error('KAFKA_BROKERS is not set; `.ci/kafka bench` starts a broker and sets it');
      const brokers = given.split(',');
      const count = Number(records ?? COUNT);
      const classPath = await buildStreams(folder);
      const found = new Map<string, Measured[]>();
      const outcomes = new Map<TaskName, Outcome>();
      for (let round = 0; round < Number(rounds ?? ROUNDS); round++) {
        for (const task of tasks) {
          // Topics of its own for each round: where a group or a log had come to is in Kafka.
          const prefix = `bench-${randomBytes(4).toString('hex')}`;
          const settings = { brokers, prefix, partitions: PARTITIONS, count, task, topic: '' };
          say(`${task}, round ${round + 1}: ${count} records are written to each topic`);
          await inProcess('fill', settings);
          // Who begins changes, since what is read first comes from a colder cache.
          const all = contendersOf(task);
          const first = round % all.length;
          let inTable: Outcome | undefined;
          for (const who of [...all.slice(first), ...all.slice(0, first)]) {
            say(`${task}, round ${round + 1}: ${names[who]}`);
            const measured = await run(who, settings, classPath, folder);
            found.set(`${task}/${who}`, [...(found.get(`${task}/${who}`) ?? []), measured]);
            inTable ??= measured.inTable;
          }
          outcomes.set(task, await sameOutcome(settings, inTable!));
        }
      }
      const row = (task: TaskName, who: Contender): readonly Cell[] => {
        const all = found.get(`${task}/${who}`)!;
        const rateIn = (one: Measured, by: Contender): number => recordsOf(task, by, count) / working(one);
        const against = (other: Contender): number | null => {
          const others = found.get(`${task}/${other}`);
          if (others === undefined) return null;
          return median(all.map((one, round) => rateIn(one, who) / rateIn(others[round]!, other)))!;
        };
        return [
          task,
          names[who],
          median(all.map((one) => rateIn(one, who)))!,
          median(all.map(({ openSeconds }) => openSeconds))!,
          median(all.map(({ cpuSeconds }) => (cpuSeconds * 1e6) / recordsOf(task, who, count)))!,
          against('client'),
          against('client and back'),
          against('streams'),
        ];
      };
      return {
        tables: [
          {
            title: 'From Kafka, through a task, and back to Kafka',
            columns: [
              { name: 'task' },
              { name: 'by' },
              { name: 'records/s' },
              { name: 'seconds to start', digits: 2 },
              { name: 'CPU µs a record', digits: 1 },
              { name: '× the client', digits: 2 },
              { name: '× there and back', digits: 2 },
              { name: '× Kafka Streams', digits: 2 },
            ],
            rows: tasks.flatMap((task) => contendersOf(task).map((who) => row(task, who))),
          },
        ],
        notes: [
          `${count.toLocaleString('en-US')} records of 200 bytes of JSON in each topic, ${PARTITIONS} partitions, one broker on the same machine, which has a part of its cores too.`,
          'pass-through: every record parsed, checked and committed; Forewarn writes its bytes as they came, Kafka Streams its JSON anew. windowed join: records of two topics within ±2.5 s of each other, by key; their pairs counted and summed in tumbling windows of 10 s, each told once.',
          'The client alone, there and back: bytes as they came, neither parsed nor made anew, in a transaction for each partition and 100 ms; nobody who passes records on by this client exactly once is faster, whatever it does beside.',
          'All exactly once, one thread for all tasks, a commit each 100 ms. Kafka Streams has its stores in RocksDB, as it comes. Records are those read; a rate is that of the time after the start, and CPU is that of the whole process, start and compilation with it.',
          'Into ClickHouse: what is written is read again from its topic and inserted into a table of the embedded ClickHouse, which is a process beside, whose CPU is not counted; until the last row is there.',
          `All wrote the same: ${[...outcomes].map(([task, { rows }]) => `${task} ${rows.toLocaleString('en-US')} rows`).join(', ')}, with equal sums.`,
          `Median of ${Number(rounds ?? ROUNDS)} rounds; a ratio is taken within each.`,
        ],
      };
    }),
};
