import { type Hash, hashValue } from './hash-value.ts';

const hash: Hash = { high: 0, low: 0 };

/**
 * Registers of HyperLogLog, 2^precision of them: the first bits of a value's hash choose one, which keeps the longest
 * run of zeros seen behind those bits, plus one. Flajolet, Fusy, Gandouet and Meunier, "HyperLogLog: the analysis of a
 * near-optimal cardinality estimation algorithm", 2007, with 64 bits of hash as in Heule, Nunkesser and Hall, 2013.
 */
export const noteValue = (registers: Uint8Array, precision: number, value: unknown): void => {
  hashValue(value, hash);
  const register = hash.high >>> (32 - precision);
  const behind = (hash.high << precision) >>> 0;
  const zeros = behind === 0 ? 32 - precision + Math.clz32(hash.low) : Math.clz32(behind);
  if (registers[register]! <= zeros) registers[register] = zeros + 1;
};

/** The registers of both sets of values together. */
export const mergeRegisters = (registers: Uint8Array, other: Uint8Array): void => {
  for (let index = 0; index < registers.length; index++) {
    if (other[index]! > registers[index]!) registers[index] = other[index]!;
  }
};

/**
 * How many different values the registers have seen. The estimator is that of Ertl, "New cardinality estimation
 * algorithms for HyperLogLog sketches", 2017, algorithm 6: it has no bias at small numbers, where that of 2007 needs
 * linear counting and HyperLogLog++ needs tables of measured corrections.
 */
export const estimate = (registers: Uint8Array, precision: number): number => {
  const most = 64 - precision;
  const counts = new Float64Array(most + 2);
  for (let index = 0; index < registers.length; index++) {
    const zeros = registers[index]!;
    counts[zeros] = counts[zeros]! + 1;
  }
  const size = registers.length;
  let sum = size * tau(1 - counts[most + 1]! / size);
  for (let zeros = most; zeros >= 1; zeros--) sum = 0.5 * (sum + counts[zeros]!);
  sum += size * sigma(counts[0]! / size);
  return (size * size) / (2 * Math.LN2 * sum);
};

/** Σ over k ≥ 1 of x^(2^k) · 2^(k−1), and x. */
const sigma = (share: number): number => {
  if (share === 1) return Number.POSITIVE_INFINITY;
  let power = share;
  let sum = share;
  for (let factor = 1, before = -1; sum !== before; factor *= 2) {
    before = sum;
    power *= power;
    sum += power * factor;
  }
  return sum;
};

/** (1 − x − Σ over k ≥ 1 of (1 − x^(2^−k))² · 2^−k) / 3. */
const tau = (share: number): number => {
  if (share === 0 || share === 1) return 0;
  let root = share;
  let sum = 1 - share;
  for (let factor = 0.5, before = -1; sum !== before; factor /= 2) {
    before = sum;
    root = Math.sqrt(root);
    sum -= (1 - root) ** 2 * factor;
  }
  return sum / 3;
};
