import { expect, it } from 'vitest';
import { ScoringTimes } from '../../../models/scoring/scoring-times.ts';

it('adds up by version and size of the batch, until somebody takes the sums', () => {
  const times = new ScoringTimes();
  times.add({ modelVersion: 'late@1', rows: 100, tookMs: 2 });
  times.add({ modelVersion: 'late@1', rows: 200, tookMs: 4 });
  times.add({ modelVersion: 'late@1', rows: 100, tookMs: 2 });
  times.add({ modelVersion: 'late@1', rows: 1, tookMs: 0.5 });
  times.add({ modelVersion: 'late@2', rows: 1, tookMs: 0.25 });
  times.add({ modelVersion: 'late@2', rows: 50_000, tookMs: 1_000 });
  expect(times.take()).toEqual([
    { modelVersion: 'late@1', rowsAtMost: 256, batches: 3, rows: 400, tookMs: 8 },
    { modelVersion: 'late@1', rowsAtMost: 1, batches: 1, rows: 1, tookMs: 0.5 },
    { modelVersion: 'late@2', rowsAtMost: 1, batches: 1, rows: 1, tookMs: 0.25 },
    { modelVersion: 'late@2', rowsAtMost: 16_384, batches: 1, rows: 50_000, tookMs: 1_000 },
  ]);
  expect(times.take()).toEqual([]);
});

it('counts a batch during which the machine stood still as the others', () => {
  const times = new ScoringTimes();
  for (const tookMs of [1, 600_000, 1.5, 1, 2]) times.add({ modelVersion: 'late@1', rows: 2, tookMs });
  expect(times.take()).toEqual([
    { modelVersion: 'late@1', rowsAtMost: 4, batches: 5, rows: 10, tookMs: 7.5 },
  ]);
});

it('is told by the newest batches of many', () => {
  const times = new ScoringTimes();
  for (let batch = 0; batch < 300; batch++)
    times.add({ modelVersion: 'late@1', rows: 1, tookMs: batch < 180 ? 9 : 1 });
  expect(times.take()).toEqual([
    { modelVersion: 'late@1', rowsAtMost: 1, batches: 300, rows: 300, tookMs: 300 },
  ]);
});
