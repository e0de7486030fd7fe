import type { Measure } from './weighted-metrics.ts';

/**
 * One prediction that two versions of a model have made of the same features, and what came of it. Only what nobody
 * rescued counts: rows of shipments that were acted upon are left out, or weigh more where their like was let alone.
 */
export interface MaturedPair {
  /** Rows of one shipment share its fate: they are drawn together. */
  readonly shipmentId: string;
  /** Where versions may differ, such as the carrier. */
  readonly segment: string;
  readonly label: 0 | 1;
  /** 1, or the inverse of the chance of having been let alone. */
  readonly weight: number;
  /** Probability by the version that is in force; its loss, where the family tells no probability of the label. */
  readonly incumbent: number;
  /** The same by the version that would replace it. */
  readonly candidate: number;
}

/** Something of each of two versions. */
export interface Sides<T> {
  readonly incumbent: T;
  readonly candidate: T;
}

/** How two versions did on the same rows. */
export interface MaturedPairs {
  readonly pairs: readonly MaturedPair[];
  /**
   * Where the pairs are losses: how far each version is from keeping its word, such as .03 where an interval of .8 holds
   * in .77 of the rows, by what each pair weighs. Null where they are probabilities.
   */
  readonly offBy: Sides<Measure> | null;
}

/** What two versions are compared by. */
export interface Matured extends MaturedPairs {
  /** Time a row by the candidate against the incumbent; null where too little was measured. */
  readonly latencyRatio: number | null;
}

/** Number of the shipment of each row, counted from 0 in the order of first rows, and how many there are. */
export const shipmentsOf = (
  pairs: readonly Pick<MaturedPair, 'shipmentId'>[],
): { readonly of: Int32Array; readonly count: number } => {
  const numbers = new Map<string, number>();
  const of = Int32Array.from(pairs, ({ shipmentId }) => {
    const known = numbers.get(shipmentId);
    if (known !== undefined) return known;
    numbers.set(shipmentId, numbers.size);
    return numbers.size - 1;
  });
  return { of, count: numbers.size };
};
