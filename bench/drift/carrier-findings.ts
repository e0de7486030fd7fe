import type { Findings } from '../bench.ts';
import { quantile } from '../quantile.ts';
import type { Cell } from '../table.ts';
import { type PlantedResult, runPlanted, runSeasonOnly } from './carrier-worlds.ts';

const PLANTED_PER_DAY = 800;
const SEASON_PER_DAY = 400;
const HOURS_ALLOWED = 24;
/** Seeds that nothing was chosen by: tolerance and unevenness of the watch were tried on those from 1 and from 100,001 on. */
const FIRST_PLANTED = 500_001;
const FIRST_SEASON = 700_001;

const bands: readonly (readonly [string, number, number])[] = [
  ['20 to 50', 20, 50],
  ['50 to 100', 50, 100],
  ['100 and more', 100, Infinity],
];

/** Both kinds of worlds, with `worlds` of each. */
export const carrierFindings = (worlds: number, say: (line: string) => void): Findings => {
  const planted: PlantedResult[] = [];
  const small: PlantedResult[] = [];
  for (let seed = FIRST_PLANTED; planted.length < worlds; seed++) {
    const result = runPlanted(seed, PLANTED_PER_DAY, [5, Infinity]);
    if (result !== null) (result.perDay < 20 ? small : planted).push(result);
    if (seed % 50 === 0) say(`${planted.length} worlds with a collapse`);
  }
  let quiet = 0;
  for (let seed = 1; seed <= worlds; seed++) {
    if (runSeasonOnly(FIRST_SEASON + seed - 1, SEASON_PER_DAY) === 0) quiet++;
    if (seed % 50 === 0) say(`${seed} worlds with season only`);
  }
  const rowOf = (name: string, results: readonly PlantedResult[]): readonly Cell[] => {
    const inTime = results.filter((one) => one.foundHours <= one.boundHours + HOURS_ALLOWED);
    return [
      name,
      results.length,
      quantile(
        results.map(({ boundHours }) => boundHours),
        0.5,
      ),
      quantile(
        results.map(({ foundHours }) => foundHours),
        0.5,
      ),
      results.length === 0 ? null : (100 * inTime.length) / results.length,
      results.reduce((sum, { falseAlarms }) => sum + falseAlarms, 0),
    ];
  };
  return {
    tables: [
      {
        title: 'Planted collapses of a carrier, by labels a day that they touch',
        columns: [
          { name: 'labels a day' },
          { name: 'worlds' },
          { name: 'enough known, h p50' },
          { name: 'found, h p50' },
          { name: `% within ${HOURS_ALLOWED} h of enough`, digits: 1 },
          { name: 'false alarms' },
        ],
        rows: [
          ...bands.map(([name, from, to]) =>
            rowOf(
              name,
              planted.filter(({ perDay }) => perDay >= from && perDay < to),
            ),
          ),
          rowOf('all from 20 (goal: 95 %)', planted),
          rowOf('5 to 20 (outside of the goal)', small),
        ],
      },
      {
        title: 'Worlds with season, weekdays and storms only, a year each',
        columns: [{ name: 'worlds' }, { name: 'without any alarm, %', digits: 1 }, { name: 'goal' }],
        rows: [[worlds, (100 * quiet) / worlds, 'at least 95']],
      },
    ],
    notes: [
      `A collapse takes 25 to 45 points off the on-time rate of one carrier, in half of the worlds on one lane alone. 8 carriers × 6 lanes × 2 services, ${PLANTED_PER_DAY} labels a working day with a collapse, ${SEASON_PER_DAY} without.`,
      'Enough labels are known when a test that is told the begin, the depth and every true chance has found it with 95 % certainty at the same rate of false alarms (bench/drift/enough-labels.ts), with the two detectors a label that it would need: a cell and a carrier.',
      `The settings of the watch were chosen on other seeds than these, which begin at ${FIRST_PLANTED} and ${FIRST_SEASON}.`,
    ],
  };
};
