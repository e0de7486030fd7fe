import { auc, type Quality, qualityOf } from '../quality.ts';

export interface StageQuality extends Quality {
  readonly stage: string;
  /** AUC of the cumulative delay alone. */
  readonly ruleAuc: number;
  /** Share of the rows that raised an alarm, and what became of them. */
  readonly alarms: number;
  readonly precision: number;
  readonly recall: number;
  /** Median hours from a true alarm at this stage to the promise. */
  readonly leadHours: number;
}

/** A score that was given, and what came of the shipment. */
export interface JudgedRow {
  readonly stages: readonly string[];
  readonly label: 0 | 1;
  readonly score: number;
  readonly alarm: boolean;
  readonly delay: number;
  readonly leadHours: number;
}

/** Rows by stage, in the order in which stages first occur; a row may belong to several. */
export const rowsByStage = <R extends Pick<JudgedRow, 'stages'>>(
  rows: readonly R[],
): ReadonlyMap<string, readonly R[]> => {
  const byStage = new Map<string, R[]>();
  for (const row of rows) {
    for (const stage of row.stages) {
      const known = byStage.get(stage);
      if (known === undefined) byStage.set(stage, [row]);
      else known.push(row);
    }
  }
  return byStage;
};

export const stageQuality = (stage: string, rows: readonly JudgedRow[]): StageQuality => {
  const labels = rows.map(({ label }) => label);
  const raised = rows.filter(({ alarm }) => alarm);
  const hits = raised.filter(({ label }) => label === 1);
  return {
    stage,
    ...qualityOf(
      labels,
      rows.map(({ score }) => score),
    ),
    ruleAuc: auc(
      labels,
      rows.map(({ delay }) => delay),
    ),
    alarms: raised.length / rows.length,
    precision: hits.length / raised.length,
    recall: hits.length / labels.filter((label) => label === 1).length,
    leadHours: median(hits.map(({ leadHours }) => leadHours)),
  };
};

const median = (values: readonly number[]): number => {
  const sorted = values.toSorted((left, right) => left - right);
  const middle = sorted.length / 2;
  return ((sorted[Math.ceil(middle) - 1] ?? NaN) + (sorted[Math.floor(middle)] ?? NaN)) / 2;
};
