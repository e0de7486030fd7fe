import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { adwin, adwinStart } from '../../models/drift/adwin.ts';
import { estimateCaveat } from '../../models/drift/estimated-quality.ts';
import { packageRoot } from '../../runtime/package-root.ts';
import type { Bench, Findings } from '../bench.ts';
import type { Cell, Table } from '../table.ts';
import { carrierFindings } from './carrier-findings.ts';
import { flightRows } from './flight-rows.ts';
import { flightScores } from './flight-scores.ts';
import {
  flightDays,
  matched,
  offlineChanges,
  shiftsWith,
  watchFlights,
  yearStart,
  type FlightDay,
} from './flights-watch.ts';
import { readFlights, readWeather } from './read-flights.ts';

const DAY_MS = 86_400_000;
const LEARN_UNTIL = Date.UTC(2013, 2, 1, 5);

const dayOf = (at: number): string => new Date(at - (yearStart % DAY_MS)).toISOString().slice(5, 10);

export const driftBench: Bench = {
  name: 'drift',
  about: 'How precise drift alarms are on real flights, and how fast a collapsing carrier is found.',
  options: {
    worlds: 'simulated worlds of each kind; 200 if not given',
    flights: 'folder of the nycflights13 tables; ../shared/data/nycflights13 if not given',
  },
  run: async (say, options) => {
    const worlds = Number(options['worlds'] ?? 200);
    const folder = options['flights'] ?? join(packageRoot, '..', 'shared', 'data', 'nycflights13');
    const flights = existsSync(join(folder, 'flights.csv.zip')) ? await flightsFindings(folder, say) : null;
    if (flights === null) say(`flights are left out: no flights.csv.zip in ${folder}`);
    const carriers = carrierFindings(worlds, say);
    return {
      tables: [...(flights?.tables ?? []), ...carriers.tables],
      notes: [
        ...(flights?.notes ?? ['The flights are not here; their tables are left out.']),
        ...carriers.notes,
      ],
    };
  },
};

const flightsFindings = async (folder: string, say: (line: string) => void): Promise<Findings> => {
  const flights = await readFlights(folder);
  say(`${flights.length} flights; a model learns from those before March`);
  const rows = flightRows(flights, await readWeather(folder), LEARN_UNTIL);
  const days = flightDays(rows, flightScores(rows, LEARN_UNTIL));
  const changes = offlineChanges(days);
  const alarms = watchFlights(days, LEARN_UNTIL);
  const retrain = alarms.filter(({ grade }) => grade === 'retrain');
  const { right, found } = matched(
    retrain.map(({ at }) => at),
    changes,
  );
  const measures: readonly (readonly Cell[])[] = [
    ['alarms of retraining grade in the year', retrain.length, 'at most 12'],
    ['of them within a week of a change', right, 'all'],
    ['changes that the whole year names', changes.length, ''],
    ['of them found within a week', found, 'at least half'],
    ['warnings', alarms.filter(({ grade }) => grade === 'warning').length, ''],
    ['notes', alarms.filter(({ grade }) => grade === 'note').length, ''],
    ['ADWIN on single rows would have told', adwinOnRows(days), ''],
  ];
  return {
    tables: [
      {
        title: 'Flights 2013: what was told',
        columns: [{ name: 'measure' }, { name: 'value' }, { name: 'goal' }],
        rows: measures,
      },
      {
        title: 'Alarms of retraining grade',
        columns: [
          { name: 'told on' },
          { name: 'begun on' },
          { name: 'Brier before', digits: 3 },
          { name: 'after', digits: 3 },
        ],
        rows: retrain.map(({ at, since, numbers }) => [
          dayOf(at),
          dayOf(since),
          numbers['before'] ?? null,
          numbers['after'] ?? null,
        ]),
      },
      neighbours(days),
    ],
    notes: [
      `The whole year names ${changes.map(dayOf).join(', ')} (month-day): PELT on the Brier score by day, cost squared deviations from the mean, penalty 2 ln(365) · noise² (BIC), noise from differences of neighbouring days, levels of 7 days at least.`,
      'The model learned from January and February (60 trees of 15 leaves); those two months are scored by models without their own day. All flights, no sampling. The watch sees each day once its last flight has arrived.',
      'The settings of the watch were chosen with this year in view; the table of neighbours shows how much hangs on them.',
      `Estimated quality: ${estimateCaveat}.`,
    ],
  };
};

const neighbours = (days: readonly FlightDay[]): Table => ({
  title: 'The same with other settings (penalty of the whole year · penalty and days of the watch)',
  columns: ['offline', 'penalty', 'days', 'alarms', 'right', 'changes', 'found'].map((name) => ({
    name,
    digits: name === 'penalty' ? 1 : 0,
  })),
  rows: [2, 3].flatMap((offline) =>
    [3.5, 4, 4.5, 6].flatMap((penalty) =>
      [4, 5, 6].map((minLength) => {
        const changes = offlineChanges(days, offline);
        const alarms = shiftsWith(days, { penalty, minLength });
        const { right, found } = matched(alarms, changes);
        return [offline, penalty, minLength, alarms.length, right, changes.length, found];
      }),
    ),
  ),
});

const adwinOnRows = (days: readonly FlightDay[]): number => {
  let [state, told] = [adwinStart, 0];
  for (const { rows, scores } of days) {
    for (const [index, { label }] of rows.entries()) {
      state = adwin(state, Number((scores[index] ?? 0) >= 0.5 !== (label === 1)));
      if (state.found) told++;
    }
  }
  return told;
};
