import type { TimesOfSize } from '../../domain/scoring-time.ts';

/** Fewer tell more of the machine's other work than of the versions. */
const LEAST_BATCHES = 20;

/**
 * Time a row by the candidate against the incumbent, size by size: a row of a small batch takes many times as long as one of
 * a large batch, and a shadow has other batches than a champion. Sizes count by the rows that both have. Incumbent 1 ms a
 * row alone and .02 in company, candidate 1.5 and .02, 100 rows alone and 10,000 in company → 350 ÷ 300. Null where no size
 * has batches enough of both.
 */
export const latencyRatio = (
  times: readonly TimesOfSize[],
  incumbent: string,
  candidate: string,
): number | null => {
  const bySize = (version: string): ReadonlyMap<number, TimesOfSize> => {
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
  const young = bySize(candidate);
  let before = 0;
  let after = 0;
  for (const [size, old] of bySize(incumbent)) {
    const other = young.get(size);
    if (other === undefined || Math.min(old.batches, other.batches) < LEAST_BATCHES) continue;
    const rows = Math.min(old.rows, other.rows);
    before += (rows * old.tookMs) / old.rows;
    after += (rows * other.tookMs) / other.rows;
  }
  return before === 0 ? null : after / before;
};
