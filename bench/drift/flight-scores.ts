import { predict } from '../../models/predict.ts';
import { train } from '../../models/training/train.ts';
import { flightFeatureNames, type FlightRow } from './flight-rows.ts';

const DAY_MS = 86_400_000;
const columns = flightFeatureNames.length;
/** Parts of the training months, by whole days in turn: each is scored by a model that has not seen it. */
const FOLDS = 2;
const options = {
  objective: 'binary',
  trees: 60,
  maxLeaves: 15,
  learningRate: 0.08,
  minDataInLeaf: 50,
} as const;

const matrixOf = (rows: readonly FlightRow[]): Float32Array => {
  const matrix = new Float32Array(rows.length * columns);
  for (const [index, { features }] of rows.entries()) matrix.set(features, index * columns);
  return matrix;
};

const trainedOn = (rows: readonly FlightRow[]) =>
  train(
    {
      matrix: matrixOf(rows),
      rows: rows.length,
      columns,
      labels: Uint8Array.from(rows, ({ label }) => label),
    },
    options,
  );

const foldOf = ({ at }: FlightRow): number => Math.floor(at / DAY_MS) % FOLDS;

/**
 * Probability of each flight of the year by a model that learned from those before `learnUntil`. Those it learned
 * from are scored by models without their own day, so that the error of the whole year can be looked at.
 */
export const flightScores = (rows: readonly FlightRow[], learnUntil: number): Float32Array => {
  const learned = rows.filter(({ at }) => at < learnUntil);
  const scores = new Float32Array(rows.length);
  scores.set(predict(trainedOn(learned), matrixOf(rows), rows.length));
  for (let fold = 0; fold < FOLDS; fold++) {
    const model = trainedOn(learned.filter((row) => foldOf(row) !== fold));
    for (const [index, row] of learned.entries())
      if (foldOf(row) === fold) scores[index] = predict(model, row.features, 1)[0] ?? NaN;
  }
  return scores;
};
