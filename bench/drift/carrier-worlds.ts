import {
  CarrierWatch,
  carrierWatchDefaults,
  type CarrierWatchSettings,
} from '../../models/drift/carrier-watch.ts';
import { thresholdFor } from '../../models/drift/odds-detector.ts';
import { seededRandom } from '../../models/training/seeded-random.ts';
import { carrierWorld, type Collapse, type TrueLabel } from './carrier-world.ts';
import { enoughLabelsAt } from './enough-labels.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const WORKING_DAYS_PER_YEAR = 261;
const WEEKEND_SHARE = 0.25;
/** What was usual is learned for so long, before a collapse begins. */
const WARM_DAYS = 75;
const DAYS_AFTER = 30;

export interface PlantedResult {
  readonly points: number;
  /** Labels of the collapse on a day, weekends among them. */
  readonly perDay: number;
  /** Hours from its begin until enough labels could be known, and until it was found; Infinity for never. */
  readonly boundHours: number;
  readonly foundHours: number;
  /** Alarms before it began, or of another carrier. */
  readonly falseAlarms: number;
}

const settingsFor = (labelsPerDay: number): CarrierWatchSettings => ({
  ...carrierWatchDefaults,
  labelsPerYear: labelsPerDay * (WORKING_DAYS_PER_YEAR + WEEKEND_SHARE * (365 - WORKING_DAYS_PER_YEAR)),
});

/** One carrier falls by 25 to 45 points, in half of the worlds on one lane alone. */
const collapseOf = (seed: number): Collapse => {
  const random = seededRandom(seed);
  return {
    fromDay: WARM_DAYS + Math.floor(30 * random()),
    points: 25 + Math.floor(21 * random()),
    lane: random() < 0.5 ? null : `lane-${Math.floor(6 * random())}`,
    carrier: `carrier-${Math.floor(8 * random())}`,
  };
};

/** Null where the collapse touches fewer or more labels a day than asked for. */
export const runPlanted = (
  seed: number,
  labelsPerDay: number,
  perDayRange: readonly [number, number],
): PlantedResult | null => {
  const collapse = collapseOf(seed);
  const days = collapse.fromDay + DAYS_AFTER;
  const labels = carrierWorld({ seed, days, labelsPerDay, collapse });
  const affected = labels.filter(({ truth, usual }) => truth !== usual);
  const perDay = affected.length / DAYS_AFTER;
  if (perDay < perDayRange[0] || perDay >= perDayRange[1]) return null;
  const settings = settingsFor(labelsPerDay);
  const { labelsPerYear, falseAlarmsPerYear } = settings;
  const bound = enoughLabelsAt(affected, thresholdFor(labelsPerYear, 2, falseAlarmsPerYear));
  const begin = collapse.fromDay * DAY_MS;
  const { foundAt, falseAlarms } = watch(labels, settings, collapse.carrier, begin);
  return {
    points: collapse.points,
    perDay,
    boundHours: (bound - begin) / HOUR_MS,
    foundHours: (foundAt - begin) / HOUR_MS,
    falseAlarms,
  };
};

const watch = (
  labels: readonly TrueLabel[],
  settings: CarrierWatchSettings,
  collapsed: string,
  begin: number,
): { readonly foundAt: number; readonly falseAlarms: number } => {
  const watcher = new CarrierWatch(settings);
  let falseAlarms = 0;
  for (const label of labels) {
    for (const { carrier, at } of watcher.observe(label)) {
      if (carrier === collapsed && at >= begin) return { foundAt: at, falseAlarms };
      falseAlarms += 1;
    }
  }
  return { foundAt: Infinity, falseAlarms };
};

/** Alarms in a world of season, weekdays, storms and good and bad days, over a year after the warm-up. */
export const runSeasonOnly = (seed: number, labelsPerDay: number): number => {
  const watcher = new CarrierWatch(settingsFor(labelsPerDay));
  let alarms = 0;
  for (const label of carrierWorld({ seed, days: WARM_DAYS + 365, labelsPerDay, collapse: null }))
    alarms += watcher.observe(label).length;
  return alarms;
};
