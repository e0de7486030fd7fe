import { pinballLoss } from '../interval-quality.ts';
import { calibrationError } from '../quality.ts';
import type { EndedRow } from '../families/ended-row.ts';
import type { Family } from '../families/family.ts';
import { classIn } from '../families/rows-of-family.ts';
import type { SignatureOutput } from '../signature.ts';
import type { MaturedPair, MaturedPairs, Sides } from './matured-pair.ts';
import type { Measure } from './weighted-metrics.ts';

/** A row whose end is known, with what it weighs and where versions may differ. */
export interface SegmentedRow extends EndedRow {
  readonly carrier: string;
  readonly weight: number;
}

/** What one version said of all rows by its one output, so many numbers a row. */
export interface Said {
  readonly output: SignatureOutput;
  readonly values: Float32Array;
}

/**
 * The pairs by which versions of a family are compared. A risk is a probability of its label. An arrival is compared by the
 * pinball loss of its quantiles, as a share of the incumbent's mean, so that a gain of .03 is 3 % whatever the lanes; a
 * cause by the log-loss of what it was.
 */
export const maturedOf = (family: Family, rows: readonly SegmentedRow[], said: Sides<Said>): MaturedPairs => {
  switch (family.kind) {
    case 'late':
      return { pairs: pairsOf(rows, (row) => row.label, said, valueAt), offBy: null };
    case 'category': {
      const { category } = family;
      const label = ({ happened }: SegmentedRow) => (happened.includes(category) ? 1 : 0);
      return { pairs: pairsOf(rows, label, said, valueAt), offBy: null };
    }
    case 'eta':
      return arrivals(rows, said);
    case 'cause':
      return causesOf(rows, said);
  }
};

const valueAt = ({ values }: Said, row: number): number => values[row]!;

const pairsOf = (
  rows: readonly SegmentedRow[],
  label: (row: SegmentedRow) => 0 | 1,
  { incumbent, candidate }: Sides<Said>,
  told: (said: Said, row: number) => number | null,
): readonly MaturedPair[] =>
  rows.flatMap((row, at) => {
    const [old, young] = [told(incumbent, at), told(candidate, at)];
    if (old === null || young === null) return [];
    const { shipmentId, carrier: segment, weight } = row;
    return [{ shipmentId, segment, label: label(row), weight, incumbent: old, candidate: young }];
  });

const arrivals = (rows: readonly SegmentedRow[], said: Sides<Said>): MaturedPairs => {
  const lossOf = ({ output: { levels = [] }, values }: Said, row: number): number | null => {
    const label = rows[row]!.afterExpectedMin;
    if (label === null) return null;
    const losses = levels.map((level, at) => pinballLoss(label - values[row * levels.length + at]!, level));
    return losses.reduce((sum, loss) => sum + loss, 0) / losses.length;
  };
  const offBy = ({ output: { levels = [] }, values }: Said): Measure => {
    const isInside = rows.flatMap(({ afterExpectedMin: label }, row) => {
      if (label === null) return [];
      const [low, high] = [values[row * levels.length]!, values[(row + 1) * levels.length - 1]!];
      return [label >= low && label <= high];
    });
    return (weights) => {
      let inside = 0;
      let all = 0;
      for (let row = 0; row < isInside.length; row++) {
        all += weights[row]!;
        if (isInside[row]) inside += weights[row]!;
      }
      return Math.abs(inside / all - (levels.at(-1)! - levels[0]!));
    };
  };
  const pairs = pairsOf(rows, ({ label }) => label, said, lossOf);
  const mean = pairs.reduce((sum, { incumbent }) => sum + incumbent, 0) / pairs.length;
  return {
    pairs: pairs.map((pair) => ({
      ...pair,
      incumbent: pair.incumbent / mean,
      candidate: pair.candidate / mean,
    })),
    offBy: { incumbent: offBy(said.incumbent), candidate: offBy(said.candidate) },
  };
};

/** As far from 0 as one row in a million: a cause that a version does not know costs it 14 nats. */
const LEAST_LIKELY = 1e-6;

const causesOf = (rows: readonly SegmentedRow[], said: Sides<Said>): MaturedPairs => {
  const isTold = ({ label, cause }: SegmentedRow): boolean =>
    label === 1 &&
    [said.incumbent, said.candidate].some(({ output: { labels = [] } }) => labels.includes(cause));
  const lossOf = ({ output: { labels = [] }, values }: Said, row: number): number | null => {
    if (!isTold(rows[row]!)) return null;
    const of = classIn(labels, rows[row]!.cause);
    return -Math.log(Math.max(of < 0 ? 0 : values[row * labels.length + of]!, LEAST_LIKELY));
  };
  /** Whether the likeliest cause is right as often as it is likely. */
  const offBy = ({ output: { labels = [] }, values }: Said): Measure => {
    const told = rows.flatMap((row, at) => {
      if (!isTold(row)) return [];
      const of = values.subarray(at * labels.length, (at + 1) * labels.length);
      const likely = Math.max(...of);
      return [{ likely, isRight: of.indexOf(likely) === classIn(labels, row.cause) ? 1 : 0 }];
    });
    return (weights) =>
      calibrationError(
        told.map(({ isRight }) => isRight),
        told.map(({ likely }) => likely),
        weights,
      );
  };
  return {
    pairs: pairsOf(rows, ({ label }) => label, said, lossOf),
    offBy: { incumbent: offBy(said.incumbent), candidate: offBy(said.candidate) },
  };
};
