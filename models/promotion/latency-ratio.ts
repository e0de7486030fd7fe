import type { TimesOfSize } from '../../domain/scoring-time.ts';

/** Fewer tell more of the machine's other work than of the versions. */
const LEAST_BATCHES = 20;

/**
 * Time a row by all models that answer it, with the candidate in the place of the incumbent against as it is, size by size: a row
 * of a small batch takes many times as long as one of a large batch, and a shadow has other batches than a champion. Sizes count
 * by the rows that both have. Incumbent 1 ms a row alone and .02 in company, candidate 1.5 and .02, 100 rows alone and
 * 10,000 in company → 350 ÷ 300, and with .5 and .01 of another model beside them 500 ÷ 450. Null where no size has batches enough of both.
 */
export const latencyRatio = (
  times: readonly TimesOfSize[],
  incumbent: string,
  candidate: string,
  beside: readonly string[] = [],
): number | null => {
  const [old, young, ...others] = [incumbent, candidate, ...beside].map((version) => bySize(times, version));
  let before = 0;
  let after = 0;
  for (const [size, known] of old!) {
    const other = young!.get(size);
    if (other === undefined || Math.min(known.batches, other.batches) < LEAST_BATCHES) continue;
    const rows = Math.min(known.rows, other.rows);
    const common = others.reduce((sum, of) => sum + msARow(of.get(size)), 0);
    before += rows * (common + msARow(known));
    after += rows * (common + msARow(other));
  }
  return before === 0 ? null : after / before;
};

const msARow = (time: TimesOfSize | undefined): number => (time === undefined ? 0 : time.tookMs / time.rows);

const bySize = (times: readonly TimesOfSize[], version: string): ReadonlyMap<number, TimesOfSize> => {
  const sums = new Map<number, TimesOfSize>();
  for (const time of times) {
    if (time.modelVersion !== version) continue;
    const { rowsAtMost, batches, rows, tookMs } = time;
    const known = sums.get(rowsAtMost);
    sums.set(rowsAtMost, {
      ...time,
      batches: batches + (known?.batches ?? 0),
      rows: rows + (known?.rows ?? 0),
      tookMs: tookMs + (known?.tookMs ?? 0),
    });
  }
  return sums;
};
