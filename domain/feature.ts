import type { CarrierRecord } from './carrier-rate.ts';
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
  /** What came of the carrier's earlier shipments, as far as it was known at `now`. */
  readonly record: CarrierRecord;
}

/** Topics whose rows a feature may read. What came of earlier shipments is read from `carrier-rates` alone. */
export type FeatureSource = 'plans' | 'tracking' | 'weather' | 'ports' | 'carrier-rates';

/** `ordinal`: its order means something, as in 0 none to 4 extreme; `category`: only whether it is the same. */
export type FeatureType = 'number' | 'count' | 'share' | 'ordinal' | 'category' | 'flag';

/** What a feature reads, and how it is known there: the same for a group of features. */
export interface FeatureOrigin {
  readonly from: readonly FeatureSource[];
  /** `as of`: what stood when the prediction was made. Otherwise the window before it, such as `28d`. */
  readonly over: 'as of' | `${number}d`;
}

/** One column of the model's input, declared once for serving and training. */
export interface Feature extends FeatureOrigin {
  readonly name: string;
  /** Counts up when the meaning changes: a model that learned another meaning is refused (FW208). */
  readonly version: number;
  readonly type: FeatureType;
  readonly unit: 'min' | 'count' | 'share' | 'ratio' | 'hour' | 'day' | 'code' | 'flag';
  readonly description: string;
  /** What the model sees where the value is not known: NaN, which trees send their own way, unless another says it better. */
  readonly otherwise: number;
  /** NaN where it is not known. The journey is read from the context once for all features. */
  readonly value: (context: FeatureContext, journey: Journey) => number;
}

const typeByUnit = {
  min: 'number',
  count: 'count',
  share: 'share',
  ratio: 'number',
  hour: 'ordinal',
  day: 'ordinal',
  code: 'category',
  flag: 'flag',
} as const satisfies Record<Feature['unit'], FeatureType>;

/** Declares features that read the same: `const feature = featuresFrom({ from: ['plans'], over: 'as of' })`. */
export const featuresFrom =
  (origin: FeatureOrigin) =>
  (
    name: string,
    unit: Feature['unit'],
    description: string,
    value: Feature['value'],
    more: Partial<Pick<Feature, 'type' | 'version' | 'otherwise'>> = {},
  ): Feature => ({
    name,
    version: 1,
    type: typeByUnit[unit],
    unit,
    description,
    otherwise: NaN,
    ...origin,
    ...more,
    value,
  });

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
