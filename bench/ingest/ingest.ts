import autocannon from 'autocannon';
import type { Bench } from '../bench.ts';
import { median, quantile } from '../quantile.ts';
import { withTempFolder } from '../temp-folder.ts';
import { type Payload, payloads } from './payloads.ts';
import { type TargetKind, targetKinds } from './targets.ts';

const ROUNDS = 3;
const CONNECTIONS = 64;
const WARM_SEC = 1;
const FOR_SEC = 3;

interface Measured {
  readonly requestsPerSec: number;
  readonly megabytesPerSec: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly errors: number;
  readonly waiting: number | null;
}

/** Loads one address for some seconds; times are those of every single request, taken by the client. */
const load = async (
  url: string,
  { contentType, text }: Payload,
  seconds: number,
): Promise<Omit<Measured, 'waiting'>> => {
  const times: number[] = [];
  const result = await new Promise<autocannon.Result>((resolve, reject) => {
    const options: autocannon.Options = {
      url,
      method: 'POST',
      headers: { 'content-type': contentType },
      body: text,
      idReplacement: true,
      connections: CONNECTIONS,
      duration: seconds,
    };
    const run = autocannon(options, (error: unknown, done) => {
      if (error) reject(error as Error);
      else resolve(done);
    });
    run.on('response', (_client, _status, _bytes, responseMs) => times.push(responseMs));
  });
  const requestsPerSec = result['2xx'] / result.duration;
  return {
    requestsPerSec,
    megabytesPerSec: (requestsPerSec * Buffer.byteLength(text)) / 1e6,
    p50Ms: quantile(times, 0.5) ?? 0,
    p99Ms: quantile(times, 0.99) ?? 0,
    errors: result.errors + result.timeouts + result.non2xx,
  };
};

/** A process of its own for each measurement: what the last one left to do does not stand in the way. */
const measure = (kind: TargetKind, payload: Payload): Promise<Measured> =>
  withTempFolder(async (folder) => {
    const target = await kind.start(folder);
    try {
      await load(target.url, payload, WARM_SEC);
      const measured = await load(target.url, payload, FOR_SEC);
      return { ...measured, waiting: await target.waiting() };
    } finally {
      await target.stop();
    }
  });

const cases = payloads.flatMap((payload) => targetKinds.map((kind) => ({ payload, kind })));

/** The door of the running line, beside the least that any door does. */
export const ingestBench: Bench = {
  name: 'ingest',
  about: 'requests/s and latency of the ingest, durable before the answer, beside bare HTTP servers',
  run: async (say) => {
    const runs = cases.map((): Measured[] => []);
    for (let round = 1; round <= ROUNDS; round += 1) {
      for (const [index, { payload, kind }] of cases.entries()) {
        say(`ingest: round ${round} of ${ROUNDS}, ${payload.name}, ${kind.name}`);
        runs[index]!.push(await measure(kind, payload));
      }
    }
    const rows = cases.map(({ payload, kind }, index) => {
      const mine = runs[index]!;
      const first = index - (index % targetKinds.length);
      const middle = (of: (run: Measured) => number): number => median(mine.map(of))!;
      /** Within each round, since the machine changes from one to the next. */
      const ratioTo = (other: number): number =>
        median(mine.map((run, round) => run.requestsPerSec / runs[other]![round]!.requestsPerSec))!;
      const waiting = mine.every((run) => run.waiting === null) ? null : middle((run) => run.waiting ?? 0);
      return [
        payload.name,
        kind.name,
        middle((run) => run.requestsPerSec),
        middle((run) => run.requestsPerSec) * payload.records,
        middle((run) => run.megabytesPerSec),
        middle((run) => run.p50Ms),
        middle((run) => run.p99Ms),
        mine.reduce((sum, run) => sum + run.errors, 0),
        ratioTo(first),
        ratioTo(first + 1),
        waiting,
      ];
    });
    return {
      tables: [
        {
          title: `Ingest over loopback, ${CONNECTIONS} connections`,
          columns: [
            { name: 'document' },
            { name: 'server' },
            { name: 'requests/s' },
            { name: 'records/s' },
            { name: 'MB/s', digits: 1 },
            { name: 'p50 ms', digits: 1 },
            { name: 'p99 ms', digits: 1 },
            { name: 'errors' },
            { name: '× nothing written', digits: 2 },
            { name: '× fdatasync each', digits: 2 },
            { name: 'waiting' },
          ],
          rows,
        },
      ],
      notes: [
        `Medians of ${ROUNDS} rounds of ${FOR_SEC} s after ${WARM_SEC} s of warming up; the servers of a round are measured in turn, each in a new process, and each ratio is taken within its round.`,
        'The line decodes, watches and stores what it takes meanwhile, in the thread that also answers; waiting: documents that were durable and not yet read when the load ended.',
        'The client puts another id into each request, for all servers alike, and shares the machine with them: the rates of the bare servers are also its own limit.',
      ],
    };
  },
};
