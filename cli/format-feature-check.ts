import type { FuturesVerdict, Moved } from '../models/evaluation/poisoned-future.ts';
import { columns } from './columns.ts';

const timeOf = (at: number): string => new Date(at).toISOString();

/** A line a feature: `ok`, or how often it moved. */
export const formatVerdict = (
  { features, predictions, waited }: FuturesVerdict,
  times: readonly number[],
): string =>
  [
    `${predictions} predictions held against their twins, at ${times.map(timeOf).join(' and ')}`,
    '',
    columns(
      ['feature', 'verdict', 'moved'],
      features.map(({ feature, moved }) => [
        feature,
        moved === 0 ? 'ok' : 'leaks',
        moved === 0 ? '' : String(moved),
      ]),
    ),
    ...(waited.length === 0 ? [] : ['', `${waited.length} predictions were made in one future only`]),
  ].join('\n');

/** What leaks, in a sentence; null where nothing does. */
export const leakOf = ({ features, waited }: FuturesVerdict): string | null => {
  const leaky = features.filter(({ moved }) => moved > 0);
  const [worst] = leaky;
  const move = worst?.first ?? null;
  if (worst !== undefined && move !== null) {
    const others = leaky.length === 1 ? '' : ` (and ${leaky.length - 1} more)`;
    return `feature "${worst.feature}"${others} looks ahead: ${inWords(move)}; read only what was heard by then, such as a table on log time.`;
  }
  const [first] = waited;
  return first === undefined
    ? null
    : `prediction ${first.prediction} of ${timeOf(first.heardAt)} is made only in one future after ${timeOf(first.at)} (${first.future}): it waits for what comes later; read in log time, by a join of mode "available".`;
};

const inWords = ({ prediction, heardAt, at, future, was, became }: Moved): string =>
  `prediction ${prediction} of ${timeOf(heardAt)} has ${was ?? 'nothing'}, and ${became ?? 'nothing'} once what was heard after ${timeOf(at)} is ${future}`;
