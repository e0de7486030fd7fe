import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type WatermarkInput, Watermarks } from '../../runtime/watermarks.ts';

const input = (topic: string, disorderMs: number, more: Partial<WatermarkInput> = {}): WatermarkInput => ({
  topic,
  partition: 0,
  producers: ['external'],
  disorderMs,
  broadcast: false,
  stamped: false,
  ...more,
});

/** Hears a row; the answer says whether it is late. */
const hear = (
  marks: Watermarks,
  index: number,
  at: number,
  heardAt: number,
  producer = 'external',
): boolean => {
  const origin = marks.originOf(index, producer, heardAt);
  marks.row(index, producer, at);
  return at < origin;
};
/** Lets channels become idle before `now`, and answers when they did. */
const idleBy = (marks: Watermarks, now: number): readonly number[] => {
  const moments: number[] = [];
  for (let at = marks.idleBefore(now); at !== undefined; at = marks.idleBefore(now)) moments.push(at);
  return moments;
};

describe('watermarks', () => {
  it('follow the highest event time less the disorder, and name the rows below it late', () => {
    const marks = new Watermarks([input('a', 5)], 1_000);
    expect([10, 12, 7, 6].map((at, index) => hear(marks, 0, at, index))).toEqual([false, false, false, true]);
    expect(marks.watermark).toBe(7);
  });

  it('wait for the slowest input, and for one that has brought nothing yet, but never for a table', () => {
    const marks = new Watermarks(
      [input('a', 0), input('b', 0), input('table', 0, { broadcast: true })],
      1_000,
    );
    hear(marks, 0, 50, 1);
    expect(marks.watermark).toBe(-Infinity);
    hear(marks, 1, 30, 2);
    expect(marks.watermark).toBe(30);
    expect(marks.slowest?.input.topic).toBe('b');
  });

  it('stop waiting for an input when log time, not event time, says that it is silent, from that moment on', () => {
    const marks = new Watermarks([input('a', 0), input('b', 0)], 100);
    // b tells of an old time, but it has just told it.
    hear(marks, 0, 10_000, 10_000);
    hear(marks, 1, 500, 10_000);
    expect(idleBy(marks, 10_050)).toEqual([]);
    expect(marks.watermark).toBe(500);
    hear(marks, 0, 10_200, 10_090);
    expect(idleBy(marks, 10_100)).toEqual([]);
    expect(idleBy(marks, 10_101)).toEqual([10_100]);
    expect(marks.watermark).toBe(10_200);
  });

  it('name what an idle input brings late below the watermark that was reached without it', () => {
    const marks = new Watermarks([input('a', 0), input('b', 0)], 100);
    hear(marks, 0, 50, 0);
    hear(marks, 1, 10, 0);
    hear(marks, 0, 70, 99);
    idleBy(marks, 150);
    expect(marks.watermark).toBe(70);
    expect(hear(marks, 1, 60, 151)).toBe(true);
    expect(hear(marks, 1, 75, 152)).toBe(false);
    expect(marks.watermark).toBe(70);
  });

  it('stay where they are when every input is idle', () => {
    const marks = new Watermarks([input('a', 0)], 100);
    hear(marks, 0, 7, 0);
    expect(idleBy(marks, 10_000)).toEqual([100]);
    expect(idleBy(marks, 20_000)).toEqual([]);
    expect(marks.watermark).toBe(7);
  });

  it('are those that the writers of an internal topic say, each for itself', () => {
    const marks = new Watermarks([input('a', 0, { producers: ['p/0', 'p/1'], stamped: true })], 1_000);
    // Rows alone tell nothing: those of a window carry the time of its end, and more windows may end before it.
    expect(hear(marks, 0, 90, 1, 'p/0')).toBe(false);
    expect(marks.watermark).toBe(-Infinity);
    marks.stamp(0, 'p/0', 80, 2);
    expect(marks.watermark).toBe(-Infinity);
    marks.stamp(0, 'p/1', 20, 3);
    expect(marks.watermark).toBe(20);
    // Late for the one, on time for the other, who is slower.
    expect(hear(marks, 0, 30, 4, 'p/0')).toBe(true);
    expect(hear(marks, 0, 30, 5, 'p/1')).toBe(false);
  });

  it('wait for no writer that the definition does not know', () => {
    const marks = new Watermarks([input('a', 0)], 100);
    hear(marks, 0, 500, 1);
    hear(marks, 0, 3, 2, 'gone/7');
    expect(marks.watermark).toBe(500);
  });

  const steps = fc.array(
    fc.record({ input: fc.nat(2), at: fc.nat(1_000), passed: fc.nat(200), restarts: fc.boolean() }),
    { maxLength: 60 },
  );

  /** What the class says, from the whole story and with no memory: the last highest time of each channel. */
  const naive = (
    inputs: readonly WatermarkInput[],
    story: readonly { readonly input: number; readonly at: number; readonly now: number }[],
    idleMs: number,
  ): { readonly watermark: number; readonly late: readonly boolean[] } => {
    const own = inputs.map(() => -Infinity);
    const heardAt = inputs.map(() => story[0]?.now ?? 0);
    const idle = inputs.map(() => false);
    let watermark = -Infinity;
    const late: boolean[] = [];
    const merge = (): void => {
      const live = own.filter((_, index) => !idle[index]);
      if (live.length > 0) watermark = Math.max(watermark, Math.min(...live));
    };
    for (const { input: index, at, now } of story) {
      for (;;) {
        const silent = inputs
          .map((_, one) => one)
          .filter((one) => !idle[one] && heardAt[one]! + idleMs < now);
        if (silent.length === 0) break;
        idle[silent.sort((a, b) => heardAt[a]! - heardAt[b]! || a - b)[0]!] = true;
        merge();
      }
      if (idle[index]!) own[index] = Math.max(own[index]!, watermark);
      idle[index] = false;
      heardAt[index] = now;
      late.push(at < own[index]!);
      own[index] = Math.max(own[index]!, at - inputs[index]!.disorderMs);
      merge();
    }
    return { watermark, late };
  };

  it('never go back, are those of a naive reckoning, and the same after a restart at any moment', () => {
    fc.assert(
      fc.property(steps, (moves) => {
        const inputs = [input('a', 0), input('b', 20), input('c', 300)];
        const story: { readonly input: number; readonly at: number; readonly now: number }[] = [];
        let marks = new Watermarks(inputs, 100);
        const late: boolean[] = [];
        let now = 0;
        for (const { input: index, at, passed, restarts } of moves) {
          now += passed;
          story.push({ input: index, at, now });
          const before = marks.watermark;
          idleBy(marks, now);
          late.push(hear(marks, index, at, now));
          expect(marks.watermark).toBeGreaterThanOrEqual(before);
          if (restarts) {
            const snapshot = structuredClone(marks.snapshot());
            marks = new Watermarks(inputs, 100);
            marks.restore(snapshot);
          }
          expect({ watermark: marks.watermark, late }).toEqual(naive(inputs, story, 100));
        }
      }),
      { numRuns: 1_000 },
    );
  });
});
