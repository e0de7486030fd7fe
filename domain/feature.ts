import type { Journey } from './journey.ts';
import type { Progress } from './progress.ts';
import type { ShipmentPlan } from './shipment-plan.ts';

/** All that a prediction may know, and no more than was known at `now`. */
export interface FeatureContext {
  readonly plan: ShipmentPlan;
  readonly progress: Progress;
  readonly now: number;
  /** Alerts in force on the remaining path. Severity: 0 none, 1 minor, 2 moderate, 3 severe, 4 extreme. */
  readonly weatherOnPath: { readonly severity: number; readonly count: number };
  /** Dwell of the next port against what is usual there, such as 1.5; NaN where no port lies ahead. */
  readonly portAhead: number;
  /** Share of this carrier's recent shipments that came in time, 0 to 1; NaN while unknown. */
  readonly carrierOnTime: number;
}

/** One column of the model's input. */
export interface Feature {
  readonly name: string;
  readonly unit: 'min' | 'count' | 'share' | 'ratio' | 'hour' | 'day' | 'code' | 'flag';
  readonly description: string;
  /** NaN where it is not known. The journey is read from the context once for all features. */
  readonly value: (context: FeatureContext, journey: Journey) => number;
}

export const feature = (
  name: string,
  unit: Feature['unit'],
  description: string,
  value: Feature['value'],
): Feature => ({ name, unit, description, value });

/** Sum of the values that are known; NaN where none is, which is not the same as 0. */
export const sumOrNaN = <T>(
  items: readonly T[],
  matches: (item: T) => boolean,
  value: (item: T) => number,
): number => {
  let sum = NaN;
  for (const item of items) {
    if (!matches(item)) continue;
    const one = value(item);
    if (!Number.isNaN(one)) sum = (Number.isNaN(sum) ? 0 : sum) + one;
  }
  return sum;
};

/** The largest of the values that are known; NaN where none is. */
export const maxOrNaN = (values: readonly number[]): number =>
  values.reduce((most, one) => (one > most || Number.isNaN(most) ? one : most), NaN);
