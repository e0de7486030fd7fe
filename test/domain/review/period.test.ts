import { expect, it } from 'vitest';
import { lastPeriod, periodBefore, reviewId } from '../../../domain/review/period.ts';

const DAY = 86_400_000;
const MONDAY = Date.UTC(2026, 0, 12);

it('ends a week on Monday, and not a millisecond earlier', () => {
  const week = { from: MONDAY - 7 * DAY, to: MONDAY };
  expect(lastPeriod(MONDAY, 7 * DAY)).toEqual(week);
  expect(lastPeriod(MONDAY + 2.5 * DAY, 7 * DAY)).toEqual(week);
  expect(lastPeriod(MONDAY - 1, 7 * DAY)).toEqual(periodBefore(week));
});

it('calls a period by its days, and by its times where it has parts of one', () => {
  expect(reviewId(lastPeriod(MONDAY, 7 * DAY))).toBe('2026-01-05_2026-01-12');
  expect(reviewId({ from: MONDAY + 6 * 3_600_000, to: MONDAY + DAY })).toBe(
    '20260112T060000Z_20260113T000000Z',
  );
});
