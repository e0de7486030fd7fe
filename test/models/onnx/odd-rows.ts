import type { Model } from '../../../models/model.ts';
import { seededRandom } from '../../../models/training/seeded-random.ts';

/** Random rows of what is hard to compare: NaN, both infinities, the smallest and largest numbers, thresholds themselves. */
export const oddRows = (model: Model, rows: number, seed: number): Float32Array => {
  const random = seededRandom(seed);
  const thresholds = model.ensembles.flatMap(({ trees }) => trees.flatMap((tree) => [...tree.threshold]));
  const odd = [NaN, Infinity, -Infinity, 0, -0, 3.4e38, -3.4e38, 1e-45, 1, 2, 3, 4, 5];
  const pick = (from: readonly number[]) => from[Math.floor(random() * from.length)]!;
  return Float32Array.from({ length: rows * model.columns }, () => {
    const which = random();
    if (which < 0.2) return pick(odd);
    return which < 0.5 ? pick(thresholds) : random() * 6 - 3;
  });
};
