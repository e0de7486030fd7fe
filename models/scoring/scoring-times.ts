import type { TimesOfSize } from '../../domain/scoring-time.ts';

/** Sizes of batches that are told apart; what a row takes differs by them more than by anything else. */
const SIZES = [1, 4, 16, 64, 256, 1_024, 16_384] as const;

/** What one batch took by one model, as its thread measured. */
export interface BatchTime {
  readonly modelVersion: string;
  readonly rows: number;
  readonly tookMs: number;
}

/** Batches by which the middle one is told. */
const REMEMBERED = 101;

interface Batches {
  batches: number;
  rows: number;
  /** What a row took in the last batches. */
  readonly rowMs: number[];
}

/**
 * How long versions take, added up until somebody writes it down. Every row counts as one of the middle batch: one during
 * which the machine did something else, or stood still, tells nothing of a version. Batches of 3 rows in 1, 1 and 600 ms
 * have taken 3 ms. At most seven sums a version.
 */
export class ScoringTimes {
  #sums = new Map<string, Batches & Pick<TimesOfSize, 'modelVersion' | 'rowsAtMost'>>();

  add({ modelVersion, rows, tookMs }: BatchTime): void {
    const rowsAtMost = SIZES.find((size) => rows <= size) ?? SIZES.at(-1)!;
    const key = `${modelVersion} ${rowsAtMost}`;
    let sum = this.#sums.get(key);
    if (sum === undefined) {
      sum = { modelVersion, rowsAtMost, batches: 0, rows: 0, rowMs: [] };
      this.#sums.set(key, sum);
    }
    sum.rowMs[sum.batches % REMEMBERED] = tookMs / rows;
    sum.batches += 1;
    sum.rows += rows;
  }

  /** The sums since the last call. */
  take(): readonly TimesOfSize[] {
    const sums = [...this.#sums.values()];
    this.#sums = new Map();
    return sums.map(({ rowMs, ...sum }) => ({ ...sum, tookMs: sum.rows * middleOf(rowMs) }));
  }
}

const middleOf = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) / 2)]!;
};
