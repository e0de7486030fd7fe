import { featureNames } from '../../../domain/features.ts';
import { familyOf } from '../../../models/families/family.ts';
import { latencyRatio } from '../../../models/promotion/latency-ratio.ts';
import { maturedOf, type Said, type SegmentedRow } from '../../../models/promotion/matured-of.ts';
import type { Matured } from '../../../models/promotion/matured-pair.ts';
import type { RegisteredModel } from '../../../models/registry.ts';
import { createScorer } from '../../../models/scoring/create-scorer.ts';
import type { Scorer } from '../../../models/scoring/scorer.ts';
import { ScoringTimes } from '../../../models/scoring/scoring-times.ts';
import { widthOf } from '../../../models/scoring/worker-models.ts';
import { versionName } from '../../../models/signature.ts';

/** Rows that a thread gets at once: as many as when it serves. */
const ROWS_AT_ONCE = 256;
const SCORE_WITHIN_MS = 60_000;

/**
 * What two versions of a model say of the same logged features, both in one thread, with the time that each took of the same
 * batches, and whatever serves beside them: the scorer's own measure.
 */
export const scoreLogged = async (
  incumbent: RegisteredModel,
  candidate: RegisteredModel,
  rows: readonly SegmentedRow[],
  beside: readonly RegisteredModel[] = [],
): Promise<Matured> => {
  const models = [incumbent, candidate, ...beside];
  const times = new ScoringTimes();
  const scorer = await createScorer({
    models,
    columns: featureNames,
    timeoutMs: SCORE_WITHIN_MS,
    onScored: (time) => times.add(time),
  });
  try {
    const [old, young] = await saidOf(scorer, rows);
    const [before, after, ...others] = models.map(({ signature }) => versionName(signature));
    return {
      ...maturedOf(familyOf(incumbent.signature.model), rows, { incumbent: old!, candidate: young! }),
      latencyRatio: latencyRatio(times.take(), before!, after!, others),
    };
  } finally {
    await scorer.close();
  }
};

/** Of both versions their first output, of all rows. */
const saidOf = async (scorer: Scorer, rows: readonly SegmentedRow[]): Promise<readonly Said[]> => {
  const said = scorer.models.slice(0, 2).map(({ outputs }) => {
    const output = outputs[0]!;
    return { output, values: new Float32Array(rows.length * widthOf(output)) };
  });
  for (let from = 0; from < rows.length; from += ROWS_AT_ONCE) {
    const some = rows.slice(from, from + ROWS_AT_ONCE);
    const matrix = new Float32Array(some.length * featureNames.length);
    for (const [row, { features }] of some.entries()) matrix.set(features, row * featureNames.length);
    const scores = await scorer.score(matrix, some.length);
    for (const [at, { output, values }] of said.entries())
      values.set(scores[at]![0]!, from * widthOf(output));
  }
  return said;
};
