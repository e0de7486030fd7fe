import { isTakenBack, type Reading } from '../progress.ts';
import { type Detector, type Finding, look, MINUTE_MS, nothingFound } from './view.ts';

/**
 * Out of the range that the goods need for long enough, or far out of it once. Range 2–8 °C, tolerance 0.5, for 20 min:
 * 9.0 at 10:00 and 9.2 at 10:25 → excursion at 10:25 · 9.0 at 10:00 and 7.9 at 10:10 → none, a door was opened ·
 * 14 at 10:00 → at once. Readings far apart prove nothing of the time between. What happened stays.
 */
export const temperatureExcursion: Detector = ({ plan, progress, rules }) => {
  const range = plan.temperature ?? null;
  const { readings = [] } = progress;
  if (range === null || readings.length === 0) return nothingFound;
  const { toleranceC, forMin, farC, apartMin } = rules.temperature;
  const outBy = ({ c }: Reading): number => Math.max(range.minC - c, c - range.maxC);
  let run: Reading[] = [];
  for (const reading of readings) {
    if (isTakenBack(progress, reading.id)) continue;
    const last = run.at(-1);
    if (outBy(reading) <= toleranceC) run = [];
    else if (last !== undefined && reading.at - last.at > apartMin * MINUTE_MS) run = [reading];
    else run = [...run, reading];
    const lastedMin = run.length === 0 ? 0 : (reading.at - run[0]!.at) / MINUTE_MS;
    const isFar = outBy(reading) > farC;
    if (run.length > 0 && (isFar || (run.length > 1 && lastedMin >= forMin)))
      return look([excursion(isFar ? [reading] : run)]);
  }
  return nothingFound;
};

const excursion = (run: readonly Reading[]): Finding => ({
  category: 'temperature_excursion',
  topic: `temperature:${run[0]!.id}`,
  kind: 'detected',
  at: run.at(-1)!.at,
  cause: 'cargo',
  effect: 'damaged',
  party: 'carrier',
  evidence: { events: run.map(({ id }) => id) },
  sameAs: 'excursion',
  isLasting: true,
});
