/** A hash of 64 bits, in two halves that are read before the next value is hashed: no object for each value. */
export interface Hash {
  high: number;
  low: number;
}

const double = new Float64Array(1);
const words = new Uint32Array(double.buffer);

/**
 * Hashes a plain value: a string by its UTF-16 units, a number by its bits (−0 as 0), each kind from a seed of its own, so that
 * 1 and '1' part. Two lanes of MurmurHash3's 32-bit round (Austin Appleby, public domain) feed each other, as those of
 * its 128-bit variant do, and are finished by its `fmix32`. It depends on nothing but the value: a hash kept in a
 * snapshot is the same after a restart.
 */
export const hashValue = (value: unknown, into: Hash): void => {
  let high = 0x9e3779b9;
  let low = 0x7f4a7c15;
  let length = 8;
  if (typeof value === 'number') {
    double[0] = value + 0;
    high = turn(high ^ scramble(words[0]!));
    low = turn((low + high) ^ scramble(words[1]!));
  } else {
    const text = typeof value === 'string' ? value : String(value);
    length = typeof value === 'string' ? text.length + 0x10000 : 0x20000;
    for (let index = 0; index < text.length; index++) {
      const unit = scramble(text.charCodeAt(index) + 1);
      high = turn(high ^ unit);
      low = turn((low + high) ^ unit);
    }
  }
  high ^= length;
  low ^= length;
  high = (high + low) | 0;
  low = (low + high) | 0;
  high = finish(high);
  low = finish(low);
  high = (high + low) | 0;
  low = (low + high) | 0;
  into.high = high >>> 0;
  into.low = low >>> 0;
};

const scramble = (word: number): number => {
  const product = Math.imul(word, 0xcc9e2d51);
  return Math.imul((product << 15) | (product >>> 17), 0x1b873593);
};

const turn = (lane: number): number => (Math.imul((lane << 13) | (lane >>> 19), 5) + 0xe6546b64) | 0;

const finish = (lane: number): number => {
  let mixed = Math.imul(lane ^ (lane >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return mixed ^ (mixed >>> 16);
};
