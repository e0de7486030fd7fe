import { seededRandom } from '../../../models/training/seeded-random.ts';

export interface LabelledRows {
  readonly matrix: Float32Array;
  readonly labels: Uint8Array;
  readonly rows: number;
  readonly columns: number;
}

/**
 * Rows of five columns whose label follows a known law with noise: c0 · c1 > 0, and what is missing in c2 adds
 * to it; c3 is coarse and c4 says nothing. One in five of c2 is NaN; c0 holds an infinity now and then.
 */
export const noisyRows = (rows: number, seed: number): LabelledRows => {
  const random = seededRandom(seed);
  const columns = 5;
  const matrix = new Float32Array(rows * columns);
  const labels = new Uint8Array(rows);
  for (let row = 0; row < rows; row++) {
    const [a, b] = [random() * 4 - 2, random() * 4 - 2];
    const missing = random() < 0.2;
    const extreme = random() < 0.01;
    matrix.set(
      [
        extreme ? Math.sign(a) * Infinity : a,
        b,
        missing ? NaN : random(),
        Math.floor(random() * 3),
        random(),
      ],
      row * columns,
    );
    labels[row] = random() < 0.1 + (a * b > 0 ? 0.6 : 0) + (missing ? 0.2 : 0) ? 1 : 0;
  }
  return { matrix, labels, rows, columns };
};
