const MODULUS = 1_000_003;

/** `value` modulo MODULUS for whole numbers in [0; 2^53); `%` of numbers past 2^31 is a slow call in V8. */
const modulo = (value: number): number => value - Math.floor(value / MODULUS) * MODULUS;

const folded = (sum: number, field: number): number => modulo(sum * 31 + field);

/** A text as a whole number, so that it can stand in a row: its UTF-16 units folded as the fields of a row are. */
export const textNumber = (text: string): number => {
  let sum = 0;
  for (let at = 0; at < text.length; at += 1) sum = folded(sum, text.charCodeAt(at));
  return sum;
};

/** Takes result rows; `add4(a, b, c, d)` is `add([a, b, c, d])` without a list. */
export interface RowSink {
  add(fields: readonly number[]): void;
  add2(a: number, b: number): void;
  add3(a: number, b: number, c: number): void;
  add4(a: number, b: number, c: number, d: number): void;
}

/**
 * Counts result rows and sums their checksums. A row's checksum folds its whole-number fields from the left,
 * h = (h × 31 + field) mod 1,000,003, so the order of fields counts and the order of rows does not:
 * (2, 3) → 2 × 31 + 3 = 65 · (3, 2) → 95. It sees a wrong value at once; that two rows have swapped the values of one
 * field it sees only where the remainder wraps, so over many rows.
 */
export class RowSum implements RowSink {
  rows = 0;
  sum = 0;

  add(fields: readonly number[]): void {
    let sum = 0;
    for (const field of fields) sum = folded(sum, field);
    this.rows += 1;
    this.sum += sum;
  }

  add2(a: number, b: number): void {
    this.rows += 1;
    this.sum += folded(modulo(a), b);
  }

  add3(a: number, b: number, c: number): void {
    this.rows += 1;
    this.sum += folded(folded(modulo(a), b), c);
  }

  add4(a: number, b: number, c: number, d: number): void {
    this.rows += 1;
    this.sum += folded(folded(folded(modulo(a), b), c), d);
  }
}
