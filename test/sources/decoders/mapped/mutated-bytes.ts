import * as fc from 'fast-check';

/** Many more in a soak. */
export const RUNS = Number(process.env['FOREWARN_RANDOM_RUNS'] ?? 300);

type Change = (bytes: Buffer, at: number, length: number, byte: number) => Buffer;

/** What happens to files on their way: cut, repeated, flipped, in another charset, deeply nested, with a huge number. */
const changes: Readonly<Record<string, Change>> = {
  cut: (bytes, at, length) => Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + length)]),
  end: (bytes, at) => bytes.subarray(0, at),
  repeat: (bytes, at, length) => Buffer.concat([bytes.subarray(0, at + length), bytes.subarray(at)]),
  flip: (bytes, at, _, byte) => {
    const copy = Buffer.from(bytes);
    if (at < copy.length) copy[at] = byte;
    return copy;
  },
  wide: (bytes) => Buffer.from(bytes.toString('latin1'), 'utf16le'),
  nest: (bytes, at, length) =>
    Buffer.concat([bytes.subarray(0, at), Buffer.from('['.repeat(length * 50)), bytes.subarray(at)]),
  huge: (bytes, at, length) =>
    Buffer.concat([bytes.subarray(0, at), Buffer.from('9'.repeat(length * 20)), bytes.subarray(at)]),
};

/** A sound document after one to three such changes. */
export const mutated = (sound: string): fc.Arbitrary<Buffer> => {
  const bytes = Buffer.from(sound);
  const change = fc.record({
    kind: fc.constantFrom(...Object.keys(changes)),
    at: fc.nat(bytes.length),
    length: fc.integer({ min: 1, max: 40 }),
    byte: fc.nat(255),
  });
  return fc
    .array(change, { minLength: 1, maxLength: 3 })
    .map((list) =>
      list.reduce<Buffer>((now, { kind, at, length, byte }) => changes[kind]!(now, at, length, byte), bytes),
    );
};
