import type { DriftReport } from '../sinks/clickhouse/drift-report.ts';
import { columns } from './columns.ts';

/** What is watched, what has moved, and what came of it, for a terminal. */
export const formatDrift = ({ versions, findings, retrainings }: DriftReport): string =>
  [
    versions.length === 0
      ? 'No day of predictions has been judged yet.'
      : columns(
          [
            'model',
            'days',
            'predictions',
            'with an end',
            'watched',
            'error',
            'calibration',
            'AUC',
            'expected',
          ],
          versions.map((one) => [
            `${one.model}@${one.modelVersion}`,
            String(one.days),
            String(one.predictions),
            String(one.rows),
            one.measure === '' ? '–' : one.measure,
            figure(one.error),
            figure(one.calibration),
            figure(one.auc),
            figure(one.estimatedAuc),
          ]),
        ),
    '',
    findings.length === 0
      ? 'Nothing has moved.'
      : columns(
          ['heard', 'grade', 'model', 'seems to have begun', 'what'],
          findings.map(({ at, grade, model, since, text }) => [day(at), grade, model, day(since), text]),
        ),
    '',
    retrainings.length === 0
      ? 'Nothing was asked to be trained anew.'
      : columns(
          ['asked', 'model', 'is', 'version', 'by', 'because'],
          retrainings.map(({ at, model, state, modelVersion, by, reason }) => [
            day(at),
            model,
            state,
            modelVersion ?? '–',
            by,
            reason,
          ]),
        ),
    '',
    'Error: lower is better. Expected: AUC by the version’s own probabilities, before any label; it cannot see that inputs have come to mean something else.',
  ].join('\n');

const figure = (value: number | null): string =>
  value === null ? '–' : value.toFixed(Math.abs(value) < 10 ? 3 : 1);

const day = (at: number): string => new Date(at).toISOString().slice(0, 16).replace('T', ' ');
