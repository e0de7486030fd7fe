/**
 * Counts by whole-numbered bin, in one array from the lowest bin to the highest, of at most `most` bins. What lies
 * further below the highest is counted in the lowest bin that is kept: most 3, bins 1, 4, 5 → 3: 1 · 4: 1 · 5: 1. Since only the
 * highest bin decides what is kept, the order in which bins came, and how they were merged, does not show.
 */
export class Bins {
  readonly #most: number;
  #counts = new Float64Array(0);
  /** The bin that `#counts` begins with. */
  #start = 0;
  #lowest = Number.POSITIVE_INFINITY;
  #highest = Number.NEGATIVE_INFINITY;

  constructor(most: number) {
    this.#most = most;
  }

  get isEmpty(): boolean {
    return this.#highest < this.#lowest;
  }

  add(bin: number, count = 1): void {
    if (bin > this.#highest) this.#raise(bin);
    const kept = Math.max(bin, this.#highest - this.#most + 1);
    if (kept < this.#lowest) this.#lowest = kept;
    if (kept < this.#start || kept >= this.#start + this.#counts.length) this.#makeRoom();
    this.#counts[kept - this.#start]! += count;
  }

  merge(other: Bins): void {
    for (const [bin, count] of other.upwards()) this.add(bin, count);
  }

  *upwards(): Generator<readonly [bin: number, count: number]> {
    for (let bin = this.#lowest; bin <= this.#highest; bin++) {
      const count = this.#counts[bin - this.#start]!;
      if (count > 0) yield [bin, count];
    }
  }

  *downwards(): Generator<readonly [bin: number, count: number]> {
    for (let bin = this.#highest; bin >= this.#lowest; bin--) {
      const count = this.#counts[bin - this.#start]!;
      if (count > 0) yield [bin, count];
    }
  }

  encode(): EncodedBins {
    if (this.isEmpty) return { lowest: 0, counts: new Float64Array(0) };
    const from = this.#lowest - this.#start;
    return { lowest: this.#lowest, counts: this.#counts.slice(from, this.#highest + 1 - this.#start) };
  }

  static decode(most: number, { lowest, counts }: EncodedBins): Bins {
    const bins = new Bins(most);
    if (counts.length === 0) return bins;
    bins.#counts = counts.slice();
    bins.#start = lowest;
    bins.#lowest = lowest;
    bins.#highest = lowest + counts.length - 1;
    return bins;
  }

  /** Makes `bin` the highest, and pours into the lowest bin kept what now lies too far below. */
  #raise(bin: number): void {
    this.#highest = bin;
    const lowest = bin - this.#most + 1;
    if (this.#lowest >= lowest) return;
    let poured = 0;
    const end = Math.min(lowest, this.#start + this.#counts.length);
    for (let below = this.#lowest; below < end; below++) poured += this.#counts[below - this.#start]!;
    this.#counts.fill(0, this.#lowest - this.#start, end - this.#start);
    this.#lowest = lowest;
    if (lowest < this.#start || lowest >= this.#start + this.#counts.length) this.#makeRoom();
    this.#counts[lowest - this.#start]! += poured;
  }

  /** Room from the lowest bin to the highest, and half as much again for what comes next to them. */
  #makeRoom(): void {
    const size = this.#highest - this.#lowest + 1;
    const length = Math.min(this.#most, size + (size >>> 1) + 8);
    const start = this.#lowest - ((length - size) >>> 1);
    const counts = new Float64Array(length);
    const from = Math.max(start, this.#start);
    const to = Math.min(start + length, this.#start + this.#counts.length);
    if (from < to) counts.set(this.#counts.subarray(from - this.#start, to - this.#start), from - start);
    this.#counts = counts;
    this.#start = start;
  }
}

export interface EncodedBins {
  readonly lowest: number;
  readonly counts: Float64Array;
}
