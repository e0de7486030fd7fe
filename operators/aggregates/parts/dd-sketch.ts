import { Bins, type EncodedBins } from './bins.ts';

/** How a sketch divides the numbers: bin i holds those in (growth^(i−1); growth^i]. */
export interface Binning {
  readonly accuracy: number;
  readonly logGrowth: number;
  readonly maxBins: number;
}

export const binning = (accuracy: number, maxBins: number): Binning => ({
  accuracy,
  logGrowth: Math.log1p(accuracy) - Math.log1p(-accuracy),
  maxBins,
});

/** Less than this, the smallest double of full precision, counts as 0. */
const smallest = 2 ** -1022;

/**
 * Masson, Rim and Lee, "DDSketch: a fast and fully-mergeable quantile sketch with relative-error guarantees", 2019:
 * numbers are counted in bins whose width grows with them, so every number of a bin is within `accuracy` of its middle.
 * Negative numbers have bins of their own, by absolute value; 0, ∞ and −∞ are counted apart.
 */
export class DDSketch {
  readonly #binning: Binning;
  #positive: Bins;
  #negative: Bins;
  #zeros = 0;
  #infinite = 0;
  #minusInfinite = 0;
  #count = 0;
  #min = Number.POSITIVE_INFINITY;
  #max = Number.NEGATIVE_INFINITY;

  constructor(bins: Binning) {
    this.#binning = bins;
    this.#positive = new Bins(bins.maxBins);
    this.#negative = new Bins(bins.maxBins);
  }

  get count(): number {
    return this.#count;
  }

  /** Counts a number that is not NaN. */
  add(value: number): void {
    this.#count++;
    if (value < this.#min) this.#min = value;
    if (value > this.#max) this.#max = value;
    if (value === Number.POSITIVE_INFINITY) this.#infinite++;
    else if (value === Number.NEGATIVE_INFINITY) this.#minusInfinite++;
    else if (value >= smallest) this.#positive.add(this.#binOf(value));
    else if (value <= -smallest) this.#negative.add(this.#binOf(-value));
    else this.#zeros++;
  }

  merge(other: DDSketch): void {
    this.#count += other.#count;
    this.#min = Math.min(this.#min, other.#min);
    this.#max = Math.max(this.#max, other.#max);
    this.#infinite += other.#infinite;
    this.#minusInfinite += other.#minusInfinite;
    this.#zeros += other.#zeros;
    this.#positive.merge(other.#positive);
    this.#negative.merge(other.#negative);
  }

  /**
   * The number of rank ⌊quantile · (count − 1)⌋ in ascending order, counted from 0; of 1, 2, 3, 4 the 0.5-quantile has
   * rank 1: about 2. Never outside of what was seen. There must be a number.
   */
  quantile(quantile: number): number {
    const about = this.#ofRank(Math.floor(quantile * (this.#count - 1)));
    return Math.min(Math.max(about, this.#min), this.#max) + 0;
  }

  #ofRank(rank: number): number {
    let seen = this.#minusInfinite;
    if (rank < seen) return Number.NEGATIVE_INFINITY;
    for (const [bin, count] of this.#negative.downwards()) {
      seen += count;
      if (rank < seen) return -this.#middleOf(bin);
    }
    seen += this.#zeros;
    if (rank < seen) return 0;
    for (const [bin, count] of this.#positive.upwards()) {
      seen += count;
      if (rank < seen) return this.#middleOf(bin);
    }
    return Number.POSITIVE_INFINITY;
  }

  encode(): EncodedSketch {
    return {
      positive: this.#positive.encode(),
      negative: this.#negative.encode(),
      zeros: this.#zeros,
      infinite: this.#infinite,
      minusInfinite: this.#minusInfinite,
      count: this.#count,
      min: this.#min,
      max: this.#max,
    };
  }

  static decode(bins: Binning, encoded: EncodedSketch): DDSketch {
    const sketch = new DDSketch(bins);
    sketch.#positive = Bins.decode(bins.maxBins, encoded.positive);
    sketch.#negative = Bins.decode(bins.maxBins, encoded.negative);
    sketch.#zeros = encoded.zeros;
    sketch.#infinite = encoded.infinite;
    sketch.#minusInfinite = encoded.minusInfinite;
    sketch.#count = encoded.count;
    sketch.#min = encoded.min;
    sketch.#max = encoded.max;
    return sketch;
  }

  #binOf(value: number): number {
    return Math.ceil(Math.log(value) / this.#binning.logGrowth);
  }

  /** The number that is as far, relatively, from both ends of the bin: growth^(i−1) · (1 + accuracy). */
  #middleOf(bin: number): number {
    return Math.exp((bin - 1) * this.#binning.logGrowth) * (1 + this.#binning.accuracy);
  }
}

export interface EncodedSketch {
  readonly positive: EncodedBins;
  readonly negative: EncodedBins;
  readonly zeros: number;
  readonly infinite: number;
  readonly minusInfinite: number;
  readonly count: number;
  readonly min: number;
  readonly max: number;
}
