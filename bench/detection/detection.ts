import { join } from 'node:path';
import type { Bench } from '../bench.ts';
import { quantile } from '../quantile.ts';
import type { Table } from '../table.ts';
import { withTempFolder } from '../temp-folder.ts';
import {
  cutFeed,
  FEED_SHIPMENTS_A_DAY,
  MEASURED_DAYS,
  runSeed,
  type SeedFindings,
  WARM_DAYS,
} from './detection-seed.ts';
import { type Score, scoreOf } from './score.ts';

/** Worlds whose false alarms were looked at while the detectors were made, and worlds that nobody has looked at. */
const tunedOn = [7, 11, 21, 22, 31, 32, 33, 41, 42, 43];
const lookedAtLast = [41, 42, 43];
const reportedOn = [61, 62, 63];

const share = (part: number, whole: number): number => (whole === 0 ? 0 : (100 * part) / whole);

interface Run extends SeedFindings {
  readonly seed: number;
  readonly ofCut: number;
  readonly others: number;
}

const rowOf = (name: string, runs: readonly Run[]): readonly (string | number)[] => {
  const score = scoreOf(runs.flatMap(({ judged }) => judged));
  const sum = (of: (run: Run) => number): number => runs.reduce((total, run) => total + of(run), 0);
  return [
    name,
    score.shipments,
    score.affected,
    (1_000 * score.raised) / score.shipments,
    share(score.true, score.raised),
    share(score.found, score.toFind),
    score.causes === 0 ? 0 : score.ofAffected / score.causes,
    sum(({ ofCut }) => ofCut),
    sum(({ others }) => others),
    sum(({ feedAlarms }) => feedAlarms),
  ];
};

const economy = (runs: readonly Run[]): Table => {
  const tuned = runs.filter(({ seed }) => tunedOn.includes(seed));
  const reported = runs.filter(({ seed }) => !tunedOn.includes(seed));
  const all = (name: string, of: readonly Run[]) => (of.length === 0 ? [] : [rowOf(name, of)]);
  return {
    title: 'Alert economy; goals: at least 90 % true, at least 90 % found, at most 1.1 per cause, 1 and 0',
    columns: [
      { name: 'world' },
      { name: 'shipments' },
      { name: 'affected' },
      { name: 'raised per 1,000', digits: 1 },
      { name: 'true %', digits: 1 },
      { name: 'found %', digits: 1 },
      { name: 'per shipment and cause', digits: 2 },
      { name: 'feed cut: raised' },
      { name: 'and others' },
      { name: 'feeds, none cut' },
    ],
    rows: [
      ...runs.map((run) => rowOf(`seed ${run.seed}${tuned.includes(run) ? ', tuned on' : ''}`, [run])),
      ...all('tuned on', tuned),
      ...all('not looked at', reported),
    ],
  };
};

const byCategory = ({ categories }: Score): Table => ({
  title: 'By category, worlds not looked at: minutes from the cause, or the promise, until it was raised',
  columns: [
    { name: 'category' },
    { name: 'raised' },
    { name: 'true' },
    { name: 'true %', digits: 1 },
    { name: 'p50 min' },
    { name: 'p90 min' },
  ],
  rows: categories.map((one) => [
    one.category,
    one.raised,
    one.true,
    share(one.true, one.raised),
    quantile(one.delaysMin, 0.5),
    quantile(one.delaysMin, 0.9),
  ]),
});

export const detectionBench: Bench = {
  name: 'detection',
  about: 'What is raised on simulated worlds, against what truly was.',
  options: {
    shipments: 'shipments a day; 100 if not given',
    seeds: `of the worlds, with commas; ${[...lookedAtLast, ...reportedOn].join(',')} if not given`,
  },
  run: (say, options) =>
    withTempFolder(async (folder) => {
      const perDay = Number(options['shipments'] ?? 100);
      const given = options['seeds']?.split(',').map(Number) ?? [...lookedAtLast, ...reportedOn];
      const runs: Run[] = [];
      for (const seed of given) {
        const run = {
          seed,
          ...(await runSeed(join(folder, String(seed)), seed, perDay)),
          ...cutFeed(seed),
        };
        runs.push(run);
        say(rowOf(`seed ${seed}`, [run]).join(' · '));
      }
      const unseen = runs.filter(({ seed }) => !tunedOn.includes(seed));
      const judged = (unseen.length === 0 ? runs : unseen).flatMap((run) => run.judged);
      return {
        tables: [economy(runs), byCategory(scoreOf(judged))],
        notes: [
          `Worlds of ${perDay} shipments a day: ${WARM_DAYS} days to learn from, then the shipments planned to end on ${MEASURED_DAYS} days; docs/detection.md says how they are judged.`,
          'Plans name places and times, as a TMS has them; the zones between are found by the location master, with the places as the customer’s own file.',
          'Without the model: what the rules of rules/detection.yaml find.',
          `A feed is cut in worlds of ${FEED_SHIPMENTS_A_DAY} shipments a day, and its silence told by the function of the pipeline "feeds".`,
        ],
      };
    }),
};
