import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  decodeRun,
  encodeFrame,
  type Frame,
  type FrameRecord,
  outlineFrame,
} from '../../../runtime/log/frame.ts';

const number = fc.double({ noNaN: true });
const word = fc.string({ unit: 'grapheme', maxLength: 12 });
const frames: fc.Arbitrary<Frame> = fc.record({
  kind: fc.constantFrom('append', 'commit', 'tick'),
  time: number,
  producer: word,
  epoch: fc.nat(),
  frontier: number,
  runs: fc.array(
    fc.record({
      topic: word,
      partition: fc.nat(65_535),
      baseOffset: fc.maxSafeNat(),
      records: fc.array(
        fc.record({
          heardAt: number,
          key: word,
          headers: fc.dictionary(word, word, { maxKeys: 2 }).map((headers) => JSON.stringify(headers)),
          value: fc.uint8Array({ maxLength: 40 }),
        }),
        { maxLength: 4 },
      ),
    }),
    { maxLength: 4 },
  ),
});

/** The frame as it reads back, with its records. */
const read = (buffer: Buffer, at: number): { readonly frame: Frame; readonly next: number } | undefined => {
  const outline = outlineFrame(buffer, at);
  if (outline === undefined) return undefined;
  const { frame, next } = outline;
  const runs = frame.runs.map(({ topic, partition, baseOffset, count, start }) => ({
    topic,
    partition,
    baseOffset,
    records: decodeRun(buffer, at + start, count, baseOffset, frame.producer).map((record, index) => {
      expect(record.offset).toBe(baseOffset + index);
      expect(record.producer).toBe(frame.producer);
      const { heardAt, key, headers, value } = record;
      return { heardAt, key, headers: JSON.stringify(headers), value: Uint8Array.from(value) };
    }),
  }));
  return { frame: { ...frame, runs }, next };
};

describe('frame', () => {
  it('reads back as it was written, one after the other', () => {
    fc.assert(
      fc.property(frames, frames, (first, second) => {
        const buffer = Buffer.concat([encodeFrame(first), encodeFrame(second)]);
        const one = read(buffer, 0);
        expect(one?.frame).toEqual(first);
        const two = read(buffer, one!.next);
        expect(two).toEqual({ frame: second, next: buffer.length });
      }),
    );
  });

  it('says how many bytes the records of a run are', () => {
    fc.assert(
      fc.property(frames, (frame) => {
        const { runs } = outlineFrame(encodeFrame(frame), 0)!.frame;
        const bytes = frame.runs.map(({ records }) =>
          (records as readonly FrameRecord[]).reduce(
            (sum, { key, headers, value }) =>
              sum + 8 + 2 + Buffer.byteLength(key) + 2 + Buffer.byteLength(headers) + 4 + value.length,
            0,
          ),
        );
        expect(runs.map((run) => run.bytes)).toEqual(bytes);
      }),
    );
  });

  it('is not there when it was cut off at any byte', () => {
    fc.assert(
      fc.property(frames, fc.nat(), (frame, at) => {
        const whole = encodeFrame(frame);
        expect(outlineFrame(whole.subarray(0, at % whole.length), 0)).toBeUndefined();
      }),
    );
  });

  it('is never another one: when bytes of it were damaged it is not there', () => {
    fc.assert(
      fc.property(
        frames,
        fc.array(fc.tuple(fc.nat(), fc.integer({ min: 1, max: 255 })), { minLength: 1, maxLength: 3 }),
        (frame, damages) => {
          const whole = encodeFrame(frame);
          const damaged = Buffer.from(whole);
          for (const [at, bits] of damages) damaged[at % whole.length]! ^= bits;
          if (damaged.equals(whole)) return;
          expect(outlineFrame(damaged, 0)).toBeUndefined();
        },
      ),
      { numRuns: 1_000 },
    );
  });
});
