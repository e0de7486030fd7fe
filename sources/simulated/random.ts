/**
 * Seeded random numbers (sfc32 by Chris Doty-Humphrey, seeded through an FNV-1a hash of the parts). Every
 * entity and every stage of a journey has a stream of its own, so that an action on one shipment cannot
 * change the luck of another.
 */
export class Random {
  #a: number;
  #b: number;
  #c: number;
  #counter = 1;

  constructor(...parts: readonly (string | number)[]) {
    const key = parts.join('|');
    this.#a = hash32(key, 0x811c9dc5);
    this.#b = hash32(key, 0x9e3779b9);
    this.#c = hash32(key, 0x85ebca6b);
    for (let i = 0; i < 12; i += 1) this.next();
  }

  /** A number in [0; 1). */
  next(): number {
    const sum = (this.#a + this.#b + this.#counter) | 0;
    this.#counter = (this.#counter + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = ((this.#c << 21) | (this.#c >>> 11)) + sum;
    return (sum >>> 0) / 4_294_967_296;
  }

  between(low: number, high: number): number {
    return low + (high - low) * this.next();
  }

  integer(low: number, high: number): number {
    return Math.floor(this.between(low, high + 1));
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }

  pick<T>(list: readonly T[]): T {
    const item = list[Math.floor(this.next() * list.length)];
    if (item === undefined) throw new RangeError('nothing to pick from an empty list');
    return item;
  }

  /** Mean 0, deviation 1, within ±6: the sum of twelve uniform numbers less six. */
  normal(): number {
    let sum = -6;
    for (let i = 0; i < 12; i += 1) sum += this.next();
    return sum;
  }

  exponential(mean: number): number {
    return -mean * Math.log(1 - this.next());
  }
}

/** FNV-1a over the characters, then murmur3's finish so that near keys give far numbers. */
export const hash32 = (key: string, basis = 0x811c9dc5): number => {
  let h = basis;
  for (let i = 0; i < key.length; i += 1) h = Math.imul(h ^ key.charCodeAt(i), 0x01000193);
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
};
