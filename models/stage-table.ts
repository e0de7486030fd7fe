/** Something that differs by the stage of a row, where a stage is a value of one column. */
export interface StageTable<T> {
  /** Column that holds the stage; null where all rows are alike. */
  readonly column: number | null;
  /** NaN may be a stage of its own. */
  readonly stages: readonly { readonly stage: number; readonly of: T }[];
  /** For every other stage. */
  readonly rest: T;
}

export const atStage = <T>(table: StageTable<T>, matrix: Float32Array, offset: number): T => {
  if (table.column === null) return table.rest;
  const stage = matrix[offset + table.column]!;
  // A handful: a walk is faster than a map.
  for (const one of table.stages) if (Object.is(one.stage, stage) || one.stage === stage) return one.of;
  return table.rest;
};

/** A column of more values than this is no stage. */
export const mostStages = 64;

/** Fits one `of` for each stage whose rows suffice, and one for all rows together. */
export const fitByStage = <T>(
  column: number | null,
  columns: number,
  matrix: Float32Array,
  rows: number,
  fit: (rows: readonly number[]) => T | null,
  none: T,
): StageTable<T> => {
  const all = Array.from({ length: rows }, (_, row) => row);
  const rest = fit(all) ?? none;
  if (column === null) return { column, stages: [], rest };
  const byStage = new Map<number, number[]>();
  for (const row of all) {
    const stage = matrix[row * columns + column]!;
    const known = byStage.get(stage);
    if (known === undefined) byStage.set(stage, [row]);
    else known.push(row);
  }
  if (byStage.size > mostStages) return { column: null, stages: [], rest };
  const stages = [...byStage].flatMap(([stage, of]) => {
    const fitted = fit(of);
    return fitted === null ? [] : [{ stage, of: fitted }];
  });
  return { column, stages, rest };
};
