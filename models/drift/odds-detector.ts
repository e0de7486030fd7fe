/**
 * How many times the odds of a late shipment may have grown, all tried at once with equal weight. A true rise
 * between two of them is found nearly as fast as if it were one.
 */
export const oddsRises: readonly number[] = [3, 5, 9];

/** One score for each rise; plain data. */
export type OddsDetectorState = readonly number[];

export const oddsDetectorStart: OddsDetectorState = oddsRises.map(() => 0);

/**
 * One label more: each score becomes (score + 1) · the likelihood of the label under the rise ÷ its likelihood at
 * `lateChance`, the highest chance that is still let pass (Shiryaev–Roberts; as an e-detector: J. Shin, A. Ramdas,
 * A. Rinaldo, "E-detectors", 2022). As long as the true chance is not above it, whatever it is each time,
 * **score − labels is a supermartingale**, so that the chance that the mean score ever comes to c within T labels is at
 * most T ÷ c (Doob).
 */
export const observeLate = (state: OddsDetectorState, late: 0 | 1, lateChance: number): OddsDetectorState =>
  state.map((score, at) => {
    const rise = oddsRises[at] ?? 1;
    const ratio = (late === 1 ? rise : 1) / (1 - lateChance + lateChance * rise);
    return (score + 1) * ratio;
  });

/** What is held against the threshold. */
export const scoreOf = (state: OddsDetectorState): number =>
  state.reduce((sum, score) => sum + score, 0) / state.length;

/**
 * The threshold at which the chance of a single false alarm in a year, over all detectors together, is at most
 * `falseAlarmsPerYear`. 100,000 labels a year, each seen by 2 detectors, .05 → 4 million.
 */
export const thresholdFor = (
  labelsPerYear: number,
  detectorsPerLabel: number,
  falseAlarmsPerYear: number,
): number => (labelsPerYear * detectorsPerLabel) / falseAlarmsPerYear;
