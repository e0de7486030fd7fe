import type { LoggedStageQuality } from '../models/evaluation/logged.ts';

/** Quality by stage as plain text in aligned columns, for a terminal. */
export const formatStages = (stages: readonly LoggedStageQuality[]): string => {
  const rows = [headings, ...stages.map(cellsOf)];
  const widths = headings.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const lines = rows.map((row) =>
    row
      .map((cell, column) =>
        column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0),
      )
      .join('  '),
  );
  const [head = '', ...rest] = lines;
  return [
    head,
    '-'.repeat(head.length),
    ...rest,
    '',
    'Rule: the AUC of the cumulative delay alone. By model: answered by the model and not by the rule of thumb.',
    'Lead time: median from a true alarm to the promise.',
  ].join('\n');
};

const headings = [
  'stage',
  'n',
  'late',
  'AUC',
  'PR-AUC',
  'Brier',
  'rule',
  'by model',
  'precision',
  'recall',
  'lead time',
];

const cellsOf = (stage: LoggedStageQuality): readonly string[] => [
  stage.stage,
  String(stage.rows),
  stage.rate.toFixed(3),
  stage.auc.toFixed(3),
  stage.averagePrecision.toFixed(3),
  stage.brier.toFixed(3),
  stage.ruleAuc.toFixed(3),
  `${(stage.byModel * 100).toFixed(1)} %`,
  stage.precision.toFixed(2),
  stage.recall.toFixed(2),
  Number.isNaN(stage.leadHours) ? 'no alarm' : `${stage.leadHours.toFixed(1)} h`,
];
