import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Watermarks } from '../../runtime/watermarks.ts';

const input = (topic: string, disorderMs: number, broadcast = false) => ({
  topic,
  partition: 0,
  disorderMs,
  broadcast,
});
const noLag = (): number => 0;

describe('watermarks', () => {
  it('follow the highest event time less the disorder, and name the rows below it late', () => {
    const marks = new Watermarks([input('a', 5)], 1_000);
    expect([10, 12, 7, 6].map((at, index) => marks.row(0, at, index))).toEqual([false, false, false, true]);
    expect(marks.advance(4, noLag)).toBe(true);
    expect(marks.watermark).toBe(7);
  });

  it('wait for the slowest input, and for one that has brought nothing yet, but never for a table', () => {
    const marks = new Watermarks([input('a', 0), input('b', 0), input('table', 0, true)], 1_000);
    marks.row(0, 50, 1);
    expect(marks.advance(1, noLag)).toBe(false);
    marks.row(1, 30, 2);
    expect(marks.advance(2, noLag)).toBe(true);
    expect(marks.watermark).toBe(30);
  });

  it('stop waiting for an input when log time, not event time, says that it is silent', () => {
    const marks = new Watermarks([input('a', 0), input('b', 0)], 100);
    // b tells of an old time, but it has just told it.
    marks.row(0, 10_000, 10_000);
    marks.row(1, 500, 10_000);
    marks.advance(10_050, noLag);
    expect(marks.watermark).toBe(500);
    marks.row(0, 10_200, 10_090);
    expect(marks.advance(10_100, noLag)).toBe(false);
    expect(marks.advance(10_101, noLag)).toBe(true);
    expect(marks.watermark).toBe(10_200);
  });

  it('wait for an input that lags, however long it has been silent', () => {
    const marks = new Watermarks([input('a', 0), input('b', 0)], 100);
    marks.row(1, 5, 0);
    marks.row(0, 900, 900);
    marks.advance(1_000, (index) => (index === 1 ? 3 : 0));
    expect(marks.watermark).toBe(5);
  });

  it('stay where they are when every input is idle', () => {
    const marks = new Watermarks([input('a', 0)], 100);
    marks.row(0, 7, 0);
    marks.advance(0, noLag);
    expect(marks.advance(10_000, noLag)).toBe(false);
    expect(marks.watermark).toBe(7);
  });

  const steps = fc.array(
    fc.record({
      input: fc.nat(2),
      at: fc.nat(1_000),
      passed: fc.nat(200),
      lag: fc.nat(1),
      restarts: fc.boolean(),
    }),
    { maxLength: 60 },
  );

  it('never go back, name the same rows late, and are the same after a restart at any moment', () => {
    fc.assert(
      fc.property(steps, (moves) => {
        const inputs = [input('a', 0), input('b', 20), input('c', 300)];
        const whole = new Watermarks(inputs, 100);
        let restarted = new Watermarks(inputs, 100);
        const highest = [-Infinity, -Infinity, -Infinity];
        let now = 0;
        for (const { input: index, at, passed, lag, restarts } of moves) {
          now += passed;
          const late = at < highest[index]! - inputs[index]!.disorderMs;
          highest[index] = Math.max(highest[index]!, at);
          expect(whole.row(index, at, now)).toBe(late);
          expect(restarted.row(index, at, now)).toBe(late);
          const before = whole.watermark;
          const moved = whole.advance(now, () => lag);
          expect(restarted.advance(now, () => lag)).toBe(moved);
          expect(whole.watermark > before).toBe(moved);
          if (restarts) {
            const snapshot = structuredClone(restarted.snapshot());
            restarted = new Watermarks(inputs, 100);
            restarted.restore(snapshot);
          }
          expect(restarted.watermark).toBe(whole.watermark);
        }
      }),
    );
  });
});
