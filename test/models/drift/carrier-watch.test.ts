import { describe, expect, it } from 'vitest';
import {
  CarrierWatch,
  carrierWatchDefaults,
  type CarrierLabel,
  type CarrierShift,
} from '../../../models/drift/carrier-watch.ts';
import {
  observeLate,
  oddsDetectorStart,
  oddsRises,
  scoreOf,
  thresholdFor,
} from '../../../models/drift/odds-detector.ts';
import { seededRandom } from '../../../models/training/seeded-random.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const PER_DAY = 24;
const settings = { ...carrierWatchDefaults, labelsPerYear: 4 * PER_DAY * 365 };

/** Four carriers on two lanes with 24 labels a day each; `late` is the chance of carrier and day. */
const labels = (
  seed: number,
  days: number,
  late: (carrier: string, day: number) => number,
): CarrierLabel[] => {
  const random = seededRandom(seed);
  return Array.from({ length: days * PER_DAY }, (_, hour) =>
    ['a', 'b', 'c', 'd'].map((carrier): CarrierLabel => {
      const lane = random() < 0.5 ? 'north' : 'south';
      const isLate = random() < late(carrier, Math.floor(hour / 24));
      return { carrier, lane, service: 'standard', knownAt: hour * HOUR_MS, late: isLate ? 1 : 0 };
    }),
  ).flat();
};

const watch = (given: readonly CarrierLabel[]): CarrierShift[] => {
  const watcher = new CarrierWatch(settings);
  return given.flatMap((label) => watcher.observe(label));
};

describe('the score of an odds detector', () => {
  it('is, less the labels, zero on average as long as the chance is not exceeded', () => {
    // One label more, averaged over late and not: (score + 1) · 1.
    for (const chance of [0.02, 0.1, 0.4]) {
      const state = oddsRises.map((_, at) => at + 2);
      const late = scoreOf(observeLate(state, 1, chance));
      const onTime = scoreOf(observeLate(state, 0, chance));
      expect(chance * late + (1 - chance) * onTime).toBeCloseTo(scoreOf(state) + 1, 10);
      const half = chance / 2;
      expect(half * late + (1 - half) * onTime).toBeLessThan(scoreOf(state) + 1);
    }
  });

  it('comes to its threshold no more often than promised', () => {
    const random = seededRandom(8);
    const length = 300;
    const threshold = thresholdFor(length, 1, 0.2);
    let reached = 0;
    for (let run = 0; run < 1_000; run++) {
      let state = oddsDetectorStart;
      for (let label = 0; label < length; label++) {
        state = observeLate(state, random() < 0.1 ? 1 : 0, 0.1);
        if (scoreOf(state) < threshold) continue;
        reached++;
        break;
      }
    }
    expect(reached / 1_000).toBeLessThanOrEqual(0.2);
    expect(reached).toBeGreaterThan(0);
  });
});

describe('the watch of carriers', () => {
  it('finds a carrier that collapses within days, with its numbers, and nobody else', () => {
    const shifts = watch(labels(1, 80, (carrier, day) => (carrier === 'b' && day >= 60 ? 0.5 : 0.08)));
    const [first] = shifts;
    expect(new Set(shifts.map(({ carrier }) => carrier))).toEqual(new Set(['b']));
    expect(first?.at).toBeGreaterThan(60 * DAY_MS);
    expect(first?.at).toBeLessThan(65 * DAY_MS);
    expect(first?.since).toBeGreaterThan(59 * DAY_MS);
    expect(first?.late).toBeGreaterThan(3 * (first?.expectedLate ?? Infinity));
  });

  it('says nothing of a storm that all of them meet', () => {
    const stormy = (day: number): boolean => day >= 60 && day < 64;
    expect(watch(labels(2, 90, (_, day) => (stormy(day) ? 0.3 : 0.08)))).toEqual([]);
  });

  it('says nothing of a carrier that was always worse', () => {
    expect(watch(labels(3, 120, (carrier) => (carrier === 'd' ? 0.3 : 0.06)))).toEqual([]);
  });

  it('is not frightened by three late ones in a row where little is known', () => {
    const given = labels(4, 60, () => 0.08);
    const rare = [0, 1, 2].map((hour): CarrierLabel => {
      return { carrier: 'new', lane: 'west', service: 'standard', knownAt: 60 * DAY_MS + hour, late: 1 };
    });
    expect(watch([...given, ...rare])).toEqual([]);
  });

  it('goes on from its state as if it had never stopped', () => {
    const given = labels(5, 70, (carrier, day) => (carrier === 'a' && day >= 60 ? 0.5 : 0.08));
    let watcher = new CarrierWatch(settings);
    const shifts: CarrierShift[] = [];
    for (const [index, label] of given.entries()) {
      if (index % 997 === 0)
        watcher = new CarrierWatch(settings, JSON.parse(JSON.stringify(watcher.state())));
      shifts.push(...watcher.observe(label));
    }
    expect(shifts).toEqual(watch(given));
    expect(shifts.length).toBeGreaterThan(0);
  });
});
