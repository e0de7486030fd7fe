import { seededRandom } from '../../models/training/seeded-random.ts';
import type { CarrierLabel } from '../../models/drift/carrier-watch.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const CARRIERS = 8;
const LANES = 6;
const services = ['standard', 'express'] as const;

/** A carrier's on-time rate falls from a day on. */
export interface Collapse {
  readonly fromDay: number;
  /** By how many points of a hundred the on-time rate falls. */
  readonly points: number;
  /** Null: everywhere; else on this lane alone. */
  readonly lane: string | null;
  readonly carrier: string;
}

export interface WorldOptions {
  readonly seed: number;
  readonly days: number;
  /** Labels on a working day over all carriers. */
  readonly labelsPerDay: number;
  readonly collapse: Collapse | null;
}

/** A label with what only the generator knows. */
export interface TrueLabel extends CarrierLabel {
  /** Chance of late without the collapse, and as it was. */
  readonly usual: number;
  readonly truth: number;
}

const chanceOf = (logit: number): number => 1 / (1 + Math.exp(-logit));

/** Sum of twelve uniforms less six: near enough to a normal one. */
const normal = (random: () => number): number => {
  let sum = -6;
  for (let count = 0; count < 12; count++) sum += random();
  return sum;
};

/** Late odds up to double before Christmas, half again in February; those of a Monday and a Friday a fifth higher. */
const calendarLogit = (day: number): number => {
  const ofYear = day % 365;
  const peak = 0.7 * Math.exp(-(((ofYear - 345) / 18) ** 2));
  const winter = 0.4 * Math.exp(-(((ofYear - 40) / 25) ** 2));
  return peak + winter + (day % 7 === 0 || day % 7 === 4 ? 0.18 : 0);
};

/** Two storms a month on each lane, of one to three days, with 1.5 to 4 times the odds. */
const stormsOf = (days: number, random: () => number): Float64Array => {
  const logit = new Float64Array(days);
  for (let day = 0; day < days; day++) {
    if (random() >= 2 / 30) continue;
    const strength = Math.log(1.5 + 2.5 * random());
    const until = Math.min(days, day + 1 + Math.floor(3 * random()));
    for (let on = day; on < until; on++) logit[on] = Math.max(logit[on] ?? 0, strength);
  }
  return logit;
};

/**
 * Outcomes alone, of 8 carriers on 6 lanes with 2 services: each cell has its own late rate of 4 to 14 %, its own
 * share in season and storms, and good and bad days of its own. In order of what is known when: within six hours of
 * the promise.
 */
export const carrierWorld = ({ seed, days, labelsPerDay, collapse }: WorldOptions): TrueLabel[] => {
  const random = seededRandom(seed);
  const storms = Array.from({ length: LANES }, () => stormsOf(days, random));
  const cells = Array.from({ length: CARRIERS }, (_, carrier) => {
    const size = 0.4 + 1.2 * random();
    const feels = 0.7 + 0.6 * random();
    return Array.from({ length: LANES }, (__, lane) =>
      services.map((service) => ({
        carrier: `carrier-${carrier}`,
        lane: `lane-${lane}`,
        storms: storms[lane] ?? new Float64Array(days),
        service,
        share: size * (service === 'standard' ? 1.4 : 0.6) * (0.3 + 1.4 * random()),
        logit: Math.log(0.04 + 0.1 * random()),
        season: 0.7 + 0.6 * random(),
        feels,
      })),
    );
  }).flat(2);
  const total = cells.reduce((sum, { share }) => sum + share, 0);
  const labels: TrueLabel[] = [];
  for (let day = 0; day < days; day++) {
    const volume = day % 7 >= 5 ? 0.25 * labelsPerDay : labelsPerDay;
    const calendar = calendarLogit(day);
    for (const cell of cells) {
      const { carrier, lane, service } = cell;
      const mean = (volume * cell.share) / total;
      const count = Math.floor(mean) + (random() < mean % 1 ? 1 : 0);
      const weather = cell.feels * (cell.storms[day] ?? 0);
      const usual = chanceOf(cell.logit + cell.season * calendar + weather + 0.15 * normal(random));
      const isHit =
        collapse?.carrier === carrier &&
        day >= collapse.fromDay &&
        (collapse.lane === null || collapse.lane === lane);
      const truth = isHit ? Math.min(0.97, usual + collapse.points / 100) : usual;
      for (let one = 0; one < count; one++) {
        const promisedAt = day * DAY_MS + (8 + 10 * random()) * HOUR_MS;
        const knownAt = promisedAt + 6 * random() * HOUR_MS;
        labels.push({ carrier, lane, service, knownAt, late: random() < truth ? 1 : 0, usual, truth });
      }
    }
  }
  return labels.sort((a, b) => a.knownAt - b.knownAt);
};
