import { seededRandom } from '../../models/training/seeded-random.ts';

/** A row of the operator benches; every field is a number, so that it can lie in columns. */
export interface Row {
  readonly key: number;
  /** The same for a row and its repetitions. */
  readonly id: number;
  readonly value: number;
  /** Event time in ms. Log time is the row's place in the input: a row a millisecond. */
  readonly at: number;
}

/** Rows come at most so much behind those before them, and the watermark waits for more: none is late. */
const JITTER_MS = 500;
export const DISORDER_MS = 1_000;

/** One row in so many repeats one of those before it. */
const REPEATS = 4;
const REPEATED_WITHIN = 1_000;

const SEED = 11;

/** Rows with keys drawn evenly from `[0; keys)`, and so twice the same rows for the same numbers. */
export const makeRows = (count: number, keys: number): readonly Row[] => {
  const random = seededRandom(SEED);
  const draw = (below: number): number => Math.floor(random() * below);
  const rows: Row[] = [];
  for (let at = 0; at < count; at++) {
    const before = rows[at - 1 - draw(REPEATED_WITHIN)];
    const isRepeat = draw(REPEATS) === 0 && before !== undefined;
    rows.push({
      key: isRepeat ? before.key : draw(keys),
      id: isRepeat ? before.id : at,
      value: draw(1_000),
      at: at + JITTER_MS - draw(JITTER_MS),
    });
  }
  return rows;
};

/** Joins take the rows in turn from two topics. */
export const isRight = (place: number): boolean => (place & 1) === 1;
