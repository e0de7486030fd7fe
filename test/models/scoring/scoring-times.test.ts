import { expect, it } from 'vitest';
import { ScoringTimes } from '../../../models/scoring/scoring-times.ts';

it('sums up by version and size of the batch, until somebody takes the sums', () => {
  const times = new ScoringTimes();
  times.add({ modelVersion: 'late@1', rows: 100, tookMs: 2 });
  times.add({ modelVersion: 'late@1', rows: 256, tookMs: 4 });
  times.add({ modelVersion: 'late@1', rows: 1, tookMs: 0.5 });
  times.add({ modelVersion: 'late@2', rows: 1, tookMs: 0.25 });
  times.add({ modelVersion: 'late@2', rows: 50_000, tookMs: 900 });
  expect(times.take()).toEqual([
    { modelVersion: 'late@1', rowsAtMost: 256, batches: 2, rows: 356, tookMs: 6 },
    { modelVersion: 'late@1', rowsAtMost: 1, batches: 1, rows: 1, tookMs: 0.5 },
    { modelVersion: 'late@2', rowsAtMost: 1, batches: 1, rows: 1, tookMs: 0.25 },
    { modelVersion: 'late@2', rowsAtMost: 16_384, batches: 1, rows: 50_000, tookMs: 900 },
  ]);
  expect(times.take()).toEqual([]);
});
