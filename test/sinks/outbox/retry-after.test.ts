import { describe, expect, it } from 'vitest';
import { retryAfterMs } from '../../../sinks/outbox/retry-after.ts';

describe('retryAfterMs', () => {
  const now = Date.parse('2026-01-05T12:00:00Z');

  it.each([
    ['120', 120_000],
    [' 0 ', 0],
    ['Mon, 05 Jan 2026 12:00:30 GMT', 30_000],
    ['Monday, 05-Jan-26 12:00:30 GMT', 30_000],
    ['Mon, 05 Jan 2026 11:00:00 GMT', 0],
  ])('%s → %s ms', (header, expected) => {
    expect(retryAfterMs(header, now)).toBe(expected);
  });

  it.each([undefined, '', 'soon', '-1', '1.5', 'Mon, 99 Foo 2026'])('%s says nothing', (header) => {
    expect(retryAfterMs(header, now)).toBeUndefined();
  });
});
