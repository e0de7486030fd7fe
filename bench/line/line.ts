import type { Bench } from '../bench.ts';
import { quantile } from '../quantile.ts';
import { latencyTable, measureLatency } from './latency.ts';
import { POLL_MS } from './seen-exceptions.ts';
import { measureThroughput, type Throughput, throughputTable, worldDocuments } from './throughput.ts';

const ROUNDS = 3;

const whole = (n: number): string => Math.round(n).toLocaleString('en-US');

const inWords = (run: Throughput): string => {
  const written = Object.entries(run.written).map(([topic, rows]) => `${whole(rows)} ${topic}`);
  return [
    `${whole(run.events)} events and plans in ${run.allSec.toFixed(1)} s end to end: ${whole(run.events / run.allSec)}/s`,
    `${run.cpuSec.toFixed(1)} s of processor time without ClickHouse: ${whole((run.cpuSec * 1e6) / run.events)} µs each`,
    `written: ${written.join(', ')}`,
    `event loop held up: p99 ${whole(run.loop.p99Ms)} ms, at most ${whole(run.loop.maxMs)} ms`,
    `refused: ${run.refused}`,
  ].join('; ');
};

/** The middle one of several runs, by the time that it took. */
const middle = (runs: readonly Throughput[]): Throughput => {
  const allSec = quantile(
    runs.map((run) => run.allSec),
    0.5,
  );
  return runs.find((run) => run.allSec === allSec)!;
};

/** The whole line as `run` starts it, in this process; the sender has a thread of its own. */
export const lineBench: Bench = {
  name: 'line',
  about: 'records/s through the whole line, and how long from a POST to its exception and to its row',
  run: async (say) => {
    const documents = worldDocuments();
    const runs: Throughput[] = [];
    for (let round = 1; round <= ROUNDS; round += 1) {
      say(`line: throughput, round ${round} of ${ROUNDS}`);
      runs.push(await measureThroughput(documents));
    }
    const run = middle(runs);
    const latencies = await measureLatency(say);
    return {
      tables: [throughputTable(run), latencyTable(latencies)],
      notes: [
        `Throughput, the middle of ${ROUNDS} runs: ${inWords(run)}.`,
        `All runs took ${runs.map(({ allSec }) => `${allSec.toFixed(1)} s`).join(', ')}. ${run.scoredBy}`,
        'Stations work at the same time in one thread, so their rates are those of the whole line on its way to them.',
        `Interval: what a result waits for by design, 250 ms between checkpoints (25 ms when there is nothing more to do) for exceptions, 1 s between inserts for rows, which are looked for every ${POLL_MS} ms.`,
        ...latencies.map(
          ({ perSec, marked, lost, loop }) =>
            `${perSec} documents/s: ${marked} exceptions expected, ${lost} not found; event loop held up: p99 ${whole(loop.p99Ms)} ms, at most ${whole(loop.maxMs)} ms.`,
        ),
      ],
    };
  },
};
