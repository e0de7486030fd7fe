import { grownInts } from './grown.ts';

const ones = (word: number): number => {
  const pairs = word - ((word >>> 1) & 0x55555555);
  const fours = (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333);
  return Math.imul((fours + (fours >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
};

/**
 * Which of many numbered places changed since the last checkpoint, a bit each: marking costs one store, and reading
 * 2 M places that did not change costs 62,500 words.
 */
export class DirtyBits {
  #words: Int32Array = new Int32Array(2);
  #any = false;

  get any(): boolean {
    return this.#any;
  }

  mark(place: number): void {
    const word = place >>> 5;
    if (word >= this.#words.length) this.#words = grownInts(this.#words, word + 1);
    this.#words[word]! |= 1 << place;
    this.#any = true;
  }

  /** The words themselves, for a loop that marks the places below `end` by `words[place >>> 5] |= 1 << place`. */
  marking(end: number): Int32Array {
    const words = (end + 31) >>> 5;
    if (words > this.#words.length) this.#words = grownInts(this.#words, words);
    this.#any = true;
    return this.#words;
  }

  /** The places marked since the last call, in ascending order; none is marked after it. */
  take(): Int32Array {
    if (!this.#any) return new Int32Array(0);
    const words = this.#words;
    let count = 0;
    for (let word = 0; word < words.length; word += 1) count += ones(words[word]!);
    const places = new Int32Array(count);
    let at = 0;
    for (let word = 0; word < words.length; word += 1) {
      for (let bits = words[word]!; bits !== 0; bits &= bits - 1) {
        places[at] = word * 32 + 31 - Math.clz32(bits & -bits);
        at += 1;
      }
    }
    this.clear();
    return places;
  }

  clear(): void {
    if (this.#any) this.#words.fill(0);
    this.#any = false;
  }
}
