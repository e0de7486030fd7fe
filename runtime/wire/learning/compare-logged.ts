import type { ClickHouseClient } from '@clickhouse/client';
import { featureNames } from '../../../domain/features.ts';
import type { PromotionRule } from '../../../domain/promotion-rule.ts';
import {
  type Comparison,
  compareVersions,
  judgeChallenger,
  type Verdict,
} from '../../../models/promotion/judge-challenger.ts';
import type { Matured } from '../../../models/promotion/matured-pair.ts';
import type { ModelRegistry, RegisteredModel } from '../../../models/registry.ts';
import { isRuleVersion } from '../../../models/signature.ts';
import { seededRandom } from '../../../models/training/seeded-random.ts';
import { trainingRowsOf } from '../../../sinks/clickhouse/training-rows.ts';
import { learnedUntilOf } from './learned-until.ts';
import { scoreLogged } from './score-logged.ts';

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

export interface LoggedPairs extends Matured {
  readonly learnedUntil: number | null;
}

/**
 * Two versions on the same logged features, whether or not they ever scored beside each other: on predictions that nobody
 * treated, whose end is known, and that were made after both had learned, where the cards say until when they did.
 */
export const loggedPairs = async (
  { client, registry, model, incumbent, candidate }: Omit<CompareOptions, 'rule'>,
  since = 0,
): Promise<LoggedPairs> => {
  const old = await registry.load(model, incumbent, featureNames);
  const young = await registry.load(model, candidate, featureNames);
  const until = [old, young].map(({ card }) => learnedUntilOf(card)).filter((at) => at !== null);
  const learnedUntil = until.length === 0 ? null : Math.max(...until);
  const { rows } = await trainingRowsOf(client, {
    population: 'untreated',
    from: Math.max(since, learnedUntil ?? 0),
  });
  return { ...(await scoreLogged(old, young, rows, await servedBeside(registry, model))), learnedUntil };
};

/** The other models that a thread is asked for each row. */
const servedBeside = async (registry: ModelRegistry, model: string): Promise<readonly RegisteredModel[]> => {
  const served: RegisteredModel[] = [];
  for (const other of await registry.models()) {
    const { champion } = await registry.aliases(other);
    if (other !== model && champion !== null && !isRuleVersion(champion))
      served.push(await registry.load(other, champion, featureNames));
  }
  return served;
};

/** What the promotion rule would say of them now. */
export const compareLogged = async ({ rule, ...options }: CompareOptions): Promise<LoggedComparison> => {
  const { incumbent, candidate } = options;
  const { learnedUntil, ...matured } = await loggedPairs(options);
  const comparison = compareVersions(matured, { rule, random: seededRandom(matured.pairs.length) });
  const verdict = judgeChallenger(comparison, rule, { waitedTooLong: false });
  return { incumbent, candidate, comparison, learnedUntil, ...verdict };
};
