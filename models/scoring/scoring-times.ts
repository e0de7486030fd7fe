import type { TimesOfSize } from '../../domain/scoring-time.ts';

/** Sizes of batches that are told apart; what a row takes differs by them more than by anything else. */
const SIZES = [1, 4, 16, 64, 256, 1_024, 16_384] as const;

/** What one batch took by one model, as its thread measured. */
export interface BatchTime {
  readonly modelVersion: string;
  readonly rows: number;
  readonly tookMs: number;
}

/** How long versions take, summed up until somebody writes it down. At most seven sums a version. */
export class ScoringTimes {
  #sums = new Map<string, TimesOfSize>();

  add({ modelVersion, rows, tookMs }: BatchTime): void {
    const rowsAtMost = SIZES.find((size) => rows <= size) ?? SIZES.at(-1)!;
    const key = `${modelVersion} ${rowsAtMost}`;
    const known = this.#sums.get(key);
    this.#sums.set(key, {
      modelVersion,
      rowsAtMost,
      batches: (known?.batches ?? 0) + 1,
      rows: (known?.rows ?? 0) + rows,
      tookMs: (known?.tookMs ?? 0) + tookMs,
    });
  }

  /** The sums since the last call. */
  take(): readonly TimesOfSize[] {
    const sums = [...this.#sums.values()];
    this.#sums = new Map();
    return sums;
  }
}
