import type { ClickHouseClient } from '@clickhouse/client';
import { featureNames } from '../../../domain/features.ts';
import type { PromotionRule } from '../../../domain/promotion-rule.ts';
import {
  type Comparison,
  compareVersions,
  judgeChallenger,
  type Verdict,
} from '../../../models/promotion/judge-challenger.ts';
import type { MaturedPair } from '../../../models/promotion/matured-pair.ts';
import type { ModelRegistry } from '../../../models/registry.ts';
import { createScorer } from '../../../models/scoring/create-scorer.ts';
import { seededRandom } from '../../../models/training/seeded-random.ts';
import { trainingRowsOf } from '../../../sinks/clickhouse/training-rows.ts';

export interface LoggedComparison extends Verdict {
  readonly incumbent: string;
  readonly candidate: string;
  readonly comparison: Comparison;
  /** Rows that one of them has learned from flatter it: when the newer one was trained, where its card says so. */
  readonly learnedUntil: number | null;
}

export interface CompareOptions {
  readonly client: ClickHouseClient;
  readonly registry: ModelRegistry;
  readonly rule: PromotionRule;
  readonly model: string;
  readonly incumbent: string;
  readonly candidate: string;
}

/** Rows that a thread gets at once. */
const ROWS_AT_ONCE = 2_048;
const SCORE_WITHIN_MS = 60_000;

/**
 * Two versions on the same logged features, whether or not they ever scored beside each other: on predictions that nobody
 * treated, whose end is known, and that were made after both had learned, where the cards say until when they did.
 */
export const compareLogged = async (options: CompareOptions): Promise<LoggedComparison> => {
  const { client, registry, rule, model, incumbent, candidate } = options;
  const models = [
    await registry.load(model, incumbent, featureNames),
    await registry.load(model, candidate, featureNames),
  ];
  const until = models.map(({ card }) => learnedUntilOf(card)).filter((at) => at !== null);
  const learnedUntil = until.length === 0 ? null : Math.max(...until);
  const { rows } = await trainingRowsOf(client, {
    population: 'untreated',
    ...(learnedUntil === null ? {} : { from: learnedUntil }),
  });
  const scorer = await createScorer({ models, columns: featureNames, timeoutMs: SCORE_WITHIN_MS });
  const pairs: MaturedPair[] = [];
  try {
    for (let from = 0; from < rows.length; from += ROWS_AT_ONCE) {
      const some = rows.slice(from, from + ROWS_AT_ONCE);
      const matrix = new Float32Array(some.length * featureNames.length);
      for (const [row, { features }] of some.entries()) matrix.set(features, row * featureNames.length);
      const [old, young] = await scorer.score(matrix, some.length);
      pairs.push(
        ...some.map(({ shipmentId, carrier, label, weight }, row) => ({
          shipmentId,
          segment: carrier,
          label,
          weight,
          incumbent: old![0]![row]!,
          candidate: young![0]![row]!,
        })),
      );
    }
  } finally {
    await scorer.close();
  }
  const comparison = compareVersions(pairs, {
    rule,
    random: seededRandom(pairs.length),
    latencyRatio: null,
  });
  const verdict = judgeChallenger(comparison, rule, { waitedTooLong: false });
  return { incumbent, candidate, comparison, learnedUntil, ...verdict };
};

const learnedUntilOf = (card: unknown): number | null =>
  typeof card === 'object' && card !== null && 'until' in card && typeof card.until === 'number'
    ? card.until
    : null;
