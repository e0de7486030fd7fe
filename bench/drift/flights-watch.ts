import { blockNoise } from '../../models/drift/block-noise.ts';
import {
  errorShiftDefaults,
  type ErrorShiftSettings,
  errorShiftStart,
  observeError,
} from '../../models/drift/error-shift.ts';
import { numericReference } from '../../models/drift/feature-reference.ts';
import type { Finding } from '../../models/drift/finding.ts';
import {
  type ModelBlock,
  type ModelReference,
  modelWatchStart,
  observeModel,
} from '../../models/drift/model-watch.ts';
import { pelt } from '../../models/drift/pelt.ts';
import { seasonalReference, type Season } from '../../models/drift/seasonal-reference.ts';
import { brier } from '../../models/quality.ts';
import { flightFeatureNames, type FlightRow } from './flight-rows.ts';

const DAY_MS = 86_400_000;
const WEEK_MS = 7 * DAY_MS;

/** Midnight in New York's winter. */
export const yearStart = Date.UTC(2013, 0, 1, 5);

export interface FlightDay {
  readonly from: number;
  /** When the last of its flights had arrived. */
  readonly closedAt: number;
  readonly rows: readonly FlightRow[];
  readonly scores: readonly number[];
  readonly error: number;
}

/** Blocks of a day by time of prediction. */
export const flightDays = (rows: readonly FlightRow[], scores: Float32Array): FlightDay[] => {
  const days = new Map<number, { rows: FlightRow[]; scores: number[] }>();
  for (const [index, row] of rows.entries()) {
    const from = Math.max(0, Math.floor((row.at - yearStart) / DAY_MS)) * DAY_MS + yearStart;
    const day = days.get(from) ?? { rows: [], scores: [] };
    days.set(from, day);
    day.rows.push(row);
    day.scores.push(scores[index] ?? NaN);
  }
  return [...days].map(([from, of]) => ({
    from,
    closedAt: of.rows.reduce((last, { knownAt }) => Math.max(last, knownAt), from + DAY_MS),
    ...of,
    error: brier(
      of.rows.map(({ label }) => label),
      of.scores,
    ),
  }));
};

/** What the whole year says, by BIC, a noise from neighbours, and levels of a week at least; the table of other penalties is printed beside it. */
export const offlineChanges = (days: readonly FlightDay[], penalty = 2): number[] => {
  const errors = days.map(({ error }) => error);
  const squared = penalty * Math.log(errors.length) * blockNoise(errors) ** 2;
  return pelt(errors, { penalty: squared, minLength: 7 }).map((at) => days[at]?.from ?? NaN);
};

/** Alarms that lie within a week of a change, and changes that were told of in the week after them, not before. */
export const matched = (alarms: readonly number[], changes: readonly number[]) => ({
  right: alarms.filter((at) => changes.some((change) => Math.abs(at - change) <= WEEK_MS)).length,
  found: changes.filter((change) => alarms.some((at) => at >= change && at - change <= WEEK_MS)).length,
});

const seasons: Readonly<Record<string, Season>> = {
  hour: 'hours',
  temp: 'weeks',
  dewp: 'weeks',
  humid: 'weeks',
};

const referenceOf = (rows: readonly FlightRow[], error: number): ModelReference => ({
  model: 'flights',
  brier: error,
  features: Object.fromEntries(
    flightFeatureNames.map((name, column) => [
      name,
      seasonalReference(rows, seasons[name] ?? 'none', (of) =>
        numericReference(of.map(({ features }) => features[column] ?? NaN)),
      ),
    ]),
  ),
});

const blockOf = ({ from, closedAt, rows, scores }: FlightDay): ModelBlock => ({
  from,
  to: from + DAY_MS,
  closedAt,
  scores,
  labels: rows.map(({ label }) => label),
  features: Object.fromEntries(
    flightFeatureNames.map((name, column) => [name, rows.map(({ features }) => features[column] ?? NaN)]),
  ),
});

/** All alarms of the year, day by day, with what was known on each. */
export const watchFlights = (days: readonly FlightDay[], learnUntil: number): Finding[] => {
  const learned = days.filter(({ from }) => from < learnUntil);
  const error = learned.reduce((sum, day) => sum + day.error, 0) / learned.length;
  const reference = referenceOf(
    learned.flatMap(({ rows }) => rows),
    error,
  );
  let state = modelWatchStart;
  return days.flatMap((day) => {
    const step = observeModel(reference, state, blockOf(day));
    state = step.state;
    return step.alarms;
  });
};

/** Fresh shifts with other settings, to see how much hangs on them. */
export const shiftsWith = (days: readonly FlightDay[], settings: Partial<ErrorShiftSettings>): number[] => {
  let state = errorShiftStart;
  return days.flatMap(({ from, closedAt, error }) => {
    const step = observeError(state, { from, error }, { ...errorShiftDefaults, ...settings });
    state = step.state;
    return step.shift !== null && closedAt - step.shift.changedAt <= 3 * WEEK_MS ? [closedAt] : [];
  });
};
