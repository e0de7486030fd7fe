import { alarmCurve, auc, qualityOf } from '../../models/quality.ts';
import { median } from '../quantile.ts';
import type { Cell } from '../table.ts';
import type { Task } from './task.ts';

/** Alarms are judged where at least so many of them come true. */
export const PRECISION = 0.8;

/** Who tells, and a score for each row that was not learned from. */
export interface Told {
  readonly by: string;
  readonly scores: ArrayLike<number>;
  /** Scores that are no probabilities have an order only. */
  readonly isRule?: boolean;
}

export const stageColumns = [
  { name: 'task' },
  { name: 'stage' },
  { name: 'by' },
  { name: 'rows' },
  { name: 'late', digits: 3 },
  { name: 'AUC', digits: 3 },
  { name: 'PR-AUC', digits: 3 },
  { name: 'Brier', digits: 4 },
  { name: 'log-loss', digits: 4 },
  { name: 'ECE', digits: 4 },
  { name: 'recall', digits: 3 },
  { name: 'lead h', digits: 1 },
] as const;

/** A line for each stage and teller: at the plan, after each milestone; recall and lead time at the fixed precision. */
export const judge = (task: Task, tellers: readonly Told[]): Cell[][] =>
  [...stagesOf(task)].flatMap(([stage, rows]) =>
    tellers.map(({ by, scores, isRule = false }) => {
      const labels = rows.map((row) => task.labels[row]!);
      const told = rows.map((row) => scores[row - task.learned]!);
      const { rate, averagePrecision, brier, logLoss, calibrationError } = qualityOf(labels, told);
      const { recall, leadHours } = atPrecision(task, rows, labels, told);
      const asProbability = isRule ? [null, null, null] : [brier, logLoss, calibrationError];
      return [
        task.name,
        stage,
        by,
        rows.length,
        rate,
        auc(labels, told),
        averagePrecision,
        ...asProbability,
        recall,
        leadHours,
      ];
    }),
  );

const stagesOf = (task: Task): ReadonlyMap<string, number[]> => {
  const byStage = new Map<string, number[]>();
  for (let row = task.learned; row < task.rows; row++) {
    for (const stage of task.stages[row]!) {
      const known = byStage.get(stage);
      if (known === undefined) byStage.set(stage, [row]);
      else known.push(row);
    }
  }
  return byStage;
};

/** At the lowest threshold that is precise enough: share of the late ones found, and the median time left. */
const atPrecision = (
  task: Task,
  rows: readonly number[],
  labels: readonly number[],
  told: readonly number[],
) => {
  const alarm = alarmCurve(labels, told).findLast(({ precision }) => precision >= PRECISION);
  if (alarm === undefined) return { recall: 0, leadHours: null };
  const hits = rows.filter((row, at) => told[at]! >= alarm.threshold && task.labels[row] === 1);
  return { recall: alarm.recall, leadHours: median(hits.map((row) => task.leadHours[row]!)) ?? null };
};
