import { measureChange, type Rejudged } from '../act/rejudge.ts';
import { withOpenWorld } from '../act/open-world.ts';
import type { Bench } from '../bench.ts';
import { measureThroughput, type Throughput, worldDocuments } from '../line/throughput.ts';
import { middle } from '../middle.ts';
import { measurePort, portTable } from './port.ts';

const THREADS = [0, 1, 2];
const ROUNDS = 3;
const DAYS = 3;
const OPEN = 100_000;

/** Each number of threads in turn, so that what else the machine does meets all of them. */
const inTurn = async <T>(
  rounds: number,
  measure: (threads: number, round: number) => Promise<T>,
): Promise<readonly (readonly T[])[]> => {
  const all: T[][] = THREADS.map(() => []);
  for (let round = 1; round <= rounds; round++)
    for (const [index, threads] of THREADS.entries()) all[index]!.push(await measure(threads, round));
  return all;
};

const perSec = ({ events, allSec }: Throughput): number => events / allSec;

/** What worker threads bring, and what it costs to reach the log over a port. */
export const threadsBench: Bench = {
  name: 'threads',
  about:
    'the whole line, and a large customer judged anew, with tasks in 0, 1 and 2 threads; what the port costs',
  options: {
    only: 'one part: port, line or rejudge',
    rounds: 'rounds of the line, where not 3',
    days: 'simulated days that the line plays, where not 3',
    open: 'open shipments, where not 100,000',
  },
  run: async (say, { only, rounds = String(ROUNDS), days = String(DAYS), open = String(OPEN) }) => {
    const isWanted = (part: string): boolean => only === undefined || only === part;
    const port = isWanted('port') ? await measurePort(say) : [];
    const documents = isWanted('line') ? worldDocuments(Number(days)) : [];
    const lines = isWanted('line')
      ? await inTurn(Number(rounds), (threads, round) => {
          say(`threads: the line with ${threads}, round ${round} of ${rounds}`);
          return measureThroughput(documents, threads);
        })
      : [];
    const judged = isWanted('rejudge')
      ? await inTurn(1, (threads) => {
          say(`threads: ${Number(open).toLocaleString('en-US')} open shipments judged anew with ${threads}`);
          const shape = { open: Number(open), owners: { all: 1 }, oneExceptionIn: 1, threads };
          return withOpenWorld(shape, (world) => measureChange(world, shape, 'all'));
        })
      : [];
    const runs = lines.map((of) => middle(of, ({ allSec }) => allSec));
    const changes = judged.map((of) => middle(of, ({ seconds }) => seconds));
    const lineTable = {
      title: `The whole line: documents of ${days} simulated days, sent as fast as they are acknowledged`,
      columns: [
        { name: 'threads' },
        { name: 'events/s' },
        { name: '× none', digits: 2 },
        { name: 'seconds', digits: 1 },
        { name: 'CPU seconds', digits: 1 },
        { name: 'main thread held up p99 ms' },
        { name: 'at most ms' },
      ],
      rows: runs.map((run, index) => [
        THREADS[index]!,
        perSec(run),
        perSec(run) / perSec(runs[0]!),
        run.allSec,
        run.cpuSec,
        run.loop.p99Ms,
        run.loop.maxMs,
      ]),
    };
    const judgedTable = {
      title: 'A contract of all open shipments changes: every exception is judged anew',
      columns: [
        { name: 'threads' },
        { name: 'exceptions' },
        { name: 'rows written' },
        { name: 'seconds', digits: 2 },
        { name: '× none', digits: 2 },
        { name: 'CPU seconds', digits: 2 },
        { name: 'main thread held up at most ms' },
      ],
      rows: changes.map((change: Rejudged, index) => [
        THREADS[index]!,
        change.troubled,
        change.rows,
        change.seconds,
        changes[0]!.seconds / change.seconds,
        change.cpuSeconds,
        change.stallMs,
      ]),
    };
    return {
      tables: [portTable(port), lineTable, judgedTable].filter(({ rows }) => rows.length > 0),
      notes: [
        'CPU seconds are of all threads of the process; without ClickHouse’s.',
        ...(runs.length === 0
          ? []
          : [
              `The line: the middle of ${rounds} rounds, with 0, 1 and 2 threads in turn; recorded time, 2 partitions, ClickHouse in a process of its own on the same machine. ${runs[0]?.scoredBy ?? ''}`,
            ]),
        ...(port.length === 0
          ? []
          : [
              'The port: a log in the main thread, committed to and read from there and from a thread, which decodes what it reads; CPU is that of all threads for a record that was committed and read once, a thread’s beginning among it.',
            ]),
      ],
    };
  },
};
