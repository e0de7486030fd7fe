import { join } from 'node:path';
import { Piscina } from 'piscina';
import { featureNames } from '../../domain/features.ts';
import { modelRegistry, type RegisteredModel } from '../../models/registry.ts';
import { createScorer } from '../../models/scoring/create-scorer.ts';
import type { Scorer } from '../../models/scoring/scorer.ts';
import { workerUrl } from '../../models/worker-url.ts';
import { packageRoot } from '../../runtime/package-root.ts';
import type { Bench } from '../bench.ts';
import { type LoopDelay, watchLoopDelay } from '../loop-delay.ts';
import { jsonLines, runProcess } from '../nexmark/child-process.ts';
import { median } from '../quantile.ts';
import type { Table } from '../table.ts';
import { withTempFolder } from '../temp-folder.ts';
import { broughtTable } from './brought.ts';
import { measureLoop, type Measured } from './measure-loop.ts';
import { type Python, preparePython } from './python.ts';
import { randomMatrix } from './random-matrix.ts';
import type { RawSetup, RawTask } from './raw-worker.ts';

const BATCHES = [1, 16, 64, 256, 1_024];
/** Short turns: what a machine of many does meanwhile changes slower than they do. */
const MS = 300;
/** Rows that are under way at once for each worker, so that small questions can go together. */
const ROWS_OUT = 2_048;

const whos = ['raw', '1 worker', '2 workers', 'one at a time', 'Python'] as const;
type Who = (typeof whos)[number];
type Round = ReadonlyMap<Who, Measured>;

/** What the scoring costs beside a bare session in the same run, and what it keeps from the main thread. */
export const scoringBench: Bench = {
  name: 'scoring',
  about: 'rows a second and latency of scoring workers, beside bare session.run and Python',
  options: {
    rounds: 'how often everyone is measured in turn; 11 if left out',
    brought: 'yes: also trains, converts and registers models of LightGBM, XGBoost and scikit-learn',
  },
  run: (say, { rounds = '11', brought = 'no' }) =>
    withTempFolder(async (folder) => {
      const registry = modelRegistry(join(packageRoot, 'models', 'registry'));
      const version = (await registry.aliases('late-delivery')).champion ?? '';
      const model = await registry.load('late-delivery', version, featureNames);
      say('scoring: preparing Python');
      const python = await preparePython(folder, ['onnxruntime', 'numpy']);
      const scorers = await Promise.all(
        [1, 2].map((workers) =>
          createScorer({ models: [model], columns: featureNames, workers, timeoutMs: 60_000 }),
        ),
      );
      const raw = new Piscina<RawTask, Measured>({
        filename: workerUrl(import.meta.url, 'raw-worker').href,
        maxThreads: 1,
        workerData: rawSetupOf(model),
      });
      const stalls: LoopDelay[] = [];
      const measured = new Map<number, Round[]>();
      for (let round = 0; round < Number(rounds); round++) {
        say(`scoring: round ${round + 1} of ${rounds}`);
        for (const batch of BATCHES) {
          const turn = await oneRound(model, batch, raw, scorers as [Scorer, Scorer], python, stalls);
          measured.set(batch, [...(measured.get(batch) ?? []), turn]);
        }
      }
      await Promise.all([raw.close(), ...scorers.map(async (scorer) => scorer.close())]);
      const more = brought === 'yes' ? [await broughtTable(folder, say)] : [];
      return {
        tables: [speedTable(measured), latencyTable(measured), stallTable(stalls), ...more],
        notes: [
          `Model: late-delivery@${version}, ${model.signature.features.length} columns. Medians of ${rounds} rounds of ${MS} ms, in each of which everyone runs in turn.`,
          'raw: session.run in a loop in one thread, which scores the same matrix again and again; 1 worker, 2 workers: questions of that many rows to the scorer, up to 2,048 rows a worker under way, all of them asked from the main thread; one at a time: the next question after the answer, one worker.',
          'CPU: processor time of all threads of the process. On a machine that does other work too, trust its ratio more than that of rows a second.',
          ...('missing' in python ? [`Python is left out: ${python.missing}`] : []),
        ],
      };
    }),
};

const rawSetupOf = ({ modelPath, signature }: RegisteredModel): RawSetup => ({
  modelPath,
  input: signature.input,
  output: signature.outputs[0]!.name,
  columns: signature.features.length,
});

const oneRound = async (
  model: RegisteredModel,
  batch: number,
  raw: Piscina<RawTask, Measured>,
  [one, two]: readonly [Scorer, Scorer],
  python: Python,
  stalls: LoopDelay[],
): Promise<Round> => {
  const { modelPath, input, output, columns } = rawSetupOf(model);
  const matrix = randomMatrix(batch, featureNames.length);
  const script = join(packageRoot, 'bench', 'scoring', 'score.py');
  const args = [script, modelPath, input, output, String(columns), String(batch), String(MS)];
  const asking = async (scorer: Scorer, outstanding: number): Promise<Measured> =>
    measureLoop(async () => void (await scorer.score(matrix, batch)), { rows: batch, ms: MS, outstanding });
  const watched = async (scorer: Scorer, workers: number): Promise<Measured> => {
    const end = watchLoopDelay();
    const found = await asking(scorer, Math.max(2, Math.ceil(ROWS_OUT / batch)) * workers);
    stalls.push(end());
    return found;
  };
  const round = new Map<Who, Measured>();
  round.set('raw', await raw.run({ batch, ms: MS }));
  round.set('1 worker', await watched(one, 1));
  round.set('2 workers', await watched(two, 2));
  round.set('one at a time', await asking(one, 1));
  if ('command' in python)
    round.set('Python', jsonLines(await runProcess(python.command, args))[0] as Measured);
  return round;
};

const of = (rounds: readonly Round[], who: Who, figure: keyof Measured): number | null =>
  median(rounds.flatMap((round) => round.get(who)?.[figure] ?? []));

/** The median of the ratios, each of two that were measured in one round. */
const ratio = (rounds: readonly Round[], who: Who, to: Who, figure: keyof Measured): number | null =>
  median(rounds.map((round) => round.get(who)![figure] / round.get(to)![figure]));

const speedTable = (measured: ReadonlyMap<number, readonly Round[]>): Table => ({
  title: 'Rows a second',
  columns: [
    { name: 'rows a question' },
    { name: 'raw' },
    { name: '1 worker' },
    { name: '2 workers' },
    { name: 'Python' },
    { name: '1 worker ÷ raw', digits: 2 },
    { name: '2 workers ÷ 1', digits: 2 },
    { name: 'CPU µs a row, raw', digits: 2 },
    { name: 'CPU µs a row, 1 worker', digits: 2 },
    { name: 'raw CPU ÷ 1 worker’s', digits: 2 },
  ],
  rows: [...measured].map(([batch, rounds]) => [
    batch,
    of(rounds, 'raw', 'rowsPerSec'),
    of(rounds, '1 worker', 'rowsPerSec'),
    of(rounds, '2 workers', 'rowsPerSec'),
    of(rounds, 'Python', 'rowsPerSec'),
    ratio(rounds, '1 worker', 'raw', 'rowsPerSec'),
    ratio(rounds, '2 workers', '1 worker', 'rowsPerSec'),
    of(rounds, 'raw', 'cpuUsPerRow'),
    of(rounds, '1 worker', 'cpuUsPerRow'),
    ratio(rounds, 'raw', '1 worker', 'cpuUsPerRow'),
  ]),
});

const latencyTable = (measured: ReadonlyMap<number, readonly Round[]>): Table => ({
  title: 'Milliseconds from a question to its answer, one at a time',
  columns: [
    { name: 'rows a question' },
    ...(['raw', 'one at a time', 'Python'] as const).flatMap((who) => [
      { name: `${who} p50`, digits: 3 },
      { name: `${who} p99`, digits: 3 },
    ]),
  ],
  rows: [...measured].map(([batch, rounds]) => [
    batch,
    ...(['raw', 'one at a time', 'Python'] as const).flatMap((who) => [
      of(rounds, who, 'p50Ms'),
      of(rounds, who, 'p99Ms'),
    ]),
  ]),
});

const stallTable = (stalls: readonly LoopDelay[]): Table => ({
  title: 'How long the main thread kept others waiting while workers were fully loaded, ms',
  columns: [
    { name: 'p50', digits: 2 },
    { name: 'p99, median', digits: 2 },
    { name: 'p99, worst', digits: 2 },
    { name: 'worst', digits: 1 },
  ],
  rows: [
    [
      median(stalls.map(({ p50Ms }) => p50Ms)),
      median(stalls.map(({ p99Ms }) => p99Ms)),
      Math.max(...stalls.map(({ p99Ms }) => p99Ms)),
      Math.max(...stalls.map(({ maxMs }) => maxMs)),
    ],
  ],
});
