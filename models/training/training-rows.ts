import type { TrainingData } from './boost.ts';

/** One logged prediction whose outcome is known. */
export interface TrainingRow {
  readonly features: Float32Array;
  /** 1 for late and 0 for punctual; minutes late; or the number of the cause. */
  readonly label: number;
  /** When the features were seen. */
  readonly at: number;
  /** Rows of one shipment belong together: what was learned from is never validated on. */
  readonly shipmentId?: string;
  /** How many rows it stands for, itself included: see `untreatedWeight`. 1 where left out. */
  readonly weight?: number;
}

export interface SplitRows {
  /** All of them by time. */
  readonly ordered: readonly TrainingRow[];
  /** The older part. */
  readonly learned: readonly TrainingRow[];
  /** The newer part, of shipments that are not in the older one. */
  readonly watched: readonly TrainingRow[];
}

/** By time, so that a model is judged as it is used: on what came after. */
export const splitRows = (rows: readonly TrainingRow[], watchedShare: number): SplitRows => {
  const ordered = rows.toSorted((left, right) => left.at - right.at);
  const boundary = Math.round(ordered.length * (1 - watchedShare));
  const learned = ordered.slice(0, boundary);
  const seen = new Set(learned.flatMap(({ shipmentId }) => shipmentId ?? []));
  const watched = ordered
    .slice(boundary)
    .filter(({ shipmentId }) => shipmentId === undefined || !seen.has(shipmentId));
  return { ordered, learned, watched };
};

/** Two parts of about equal size by time, no shipment in both. */
export const halves = (
  rows: readonly TrainingRow[],
): readonly [readonly TrainingRow[], readonly TrainingRow[]] => {
  const { learned, watched } = splitRows(rows, 0.5);
  return [learned, watched];
};

export const matrixOf = (rows: readonly TrainingRow[]): Float32Array => {
  const columns = columnsOf(rows);
  const matrix = new Float32Array(rows.length * columns);
  for (const [index, { features }] of rows.entries()) matrix.set(features, index * columns);
  return matrix;
};

export const columnsOf = (rows: readonly TrainingRow[]): number => rows[0]?.features.length ?? 0;

export const labelsOf = (rows: readonly TrainingRow[]): Float64Array =>
  Float64Array.from(rows, ({ label }) => label);

/** Undefined where all rows count alike. */
export const weightsOf = (rows: readonly TrainingRow[]): Float64Array | undefined =>
  rows.some(({ weight = 1 }) => weight !== 1)
    ? Float64Array.from(rows, ({ weight = 1 }) => weight)
    : undefined;

/** As `train` takes them. */
export const dataOf = (rows: readonly TrainingRow[]): TrainingData => {
  const weights = weightsOf(rows);
  return {
    matrix: matrixOf(rows),
    rows: rows.length,
    columns: columnsOf(rows),
    labels: labelsOf(rows),
    ...(weights === undefined ? {} : { weights }),
  };
};

/** What every card says of the rows. */
export interface RowsCard {
  readonly rows: number;
  readonly learnedRows: number;
  readonly validatedRows: number;
  readonly from: number;
  readonly until: number;
  /** How many rows of weight 1 know as much: (Σ w)² ÷ Σ w² (Kish 1965). As many as rows where all count alike. */
  readonly effectiveRows: number;
}

export const rowsCard = ({ ordered, learned }: SplitRows, watched: readonly TrainingRow[]): RowsCard => ({
  rows: ordered.length,
  learnedRows: learned.length,
  validatedRows: watched.length,
  from: ordered[0]?.at ?? NaN,
  until: ordered.at(-1)?.at ?? NaN,
  effectiveRows: effective(ordered),
});

const effective = (rows: readonly TrainingRow[]): number => {
  let sum = 0;
  let squares = 0;
  for (const { weight = 1 } of rows) {
    sum += weight;
    squares += weight * weight;
  }
  return squares === 0 ? 0 : sum ** 2 / squares;
};
