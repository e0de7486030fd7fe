import { seededRandom } from '../../models/training/seeded-random.ts';

/** Rows between −200 and 200, of which one number in ten is missing; the same each time. */
export const randomMatrix = (rows: number, columns: number): Float32Array<ArrayBuffer> => {
  const random = seededRandom(7);
  return Float32Array.from({ length: rows * columns }, () => (random() < 0.1 ? NaN : random() * 400 - 200));
};
