import type { TrainingRow } from '../training/training-rows.ts';

/** A logged prediction of a shipment whose end is known: what every family learns from, each by a label of its own. */
export interface EndedRow extends TrainingRow {
  readonly shipmentId: string;
  /** 1 late, 0 in time. */
  readonly label: 0 | 1;
  /** Minutes from the arrival that was expected when it was made to the delivery; null where either is not known. */
  readonly afterExpectedMin: number | null;
  /** Of a late one: why. */
  readonly cause: string;
  /** Categories that were detected after it. */
  readonly happened: readonly string[];
}
