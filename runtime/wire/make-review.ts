import type { ClickHouseClient } from '@clickhouse/client';
import type { EffectEstimate } from '../../domain/effect.ts';
import { categoryChangeOf, type CategoryFinding } from '../../domain/review/category-finding.ts';
import { type Period, periodBefore, reviewId } from '../../domain/review/period.ts';
import { lookAtThresholds, type ProposalInput } from '../../domain/review/proposals.ts';
import type { Review } from '../../domain/review/review.ts';
import { stalePlaybooks } from '../../domain/review/stale-playbooks.ts';
import type { Rules } from '../../domain/rules.ts';
import { estimateEffects } from '../../models/effect/estimate-effects.ts';
import { askOf } from '../../sinks/clickhouse/ask.ts';
import { effectRows } from '../../sinks/clickhouse/effect-rows.ts';
import {
  approvalsOf,
  categoryVolumes,
  figuresOf,
  playbooksUsed,
  unmappedIn,
  volumesBy,
  withheldIn,
} from '../../sinks/clickhouse/review-figures.ts';
import { alarmCases, predictedCases } from '../../sinks/clickhouse/review-labels.ts';

export interface ReviewOptions {
  readonly client: ClickHouseClient;
  readonly rules: Rules;
  /** How long before the period's end outcomes are learned from: a week alone has too few. */
  readonly learnMs: number;
  readonly range: ProposalInput['range'];
  readonly spares: number;
  readonly effects: EffectsOf;
  readonly categories: FindingsOf;
}

/** What rises without a category at a time. */
export type FindingsOf = (period: { readonly to: number }) => Promise<readonly CategoryFinding[]>;

/** Effects of interventions over a period, told where the rows and the estimator meet. */
export type EffectsOf = (client: ClickHouseClient, period: Period) => Promise<readonly EffectEstimate[]>;

/** By category and action, over the decisions of the period whose shipments have ended. */
export const estimatedEffects: EffectsOf = async (client, period) =>
  estimateEffects(await effectRows(client, period));

/** What a period was like, by the tables as they are now. */
export const makeReview = async (period: Period, options: ReviewOptions): Promise<Review> => {
  const { client, rules } = options;
  const ask = askOf(client);
  const before = periodBefore(period);
  const id = reviewId(period);
  const figures = await figuresOf(ask, period);
  const { chosen, steps } = await playbooksUsed(ask, period);
  const learnedFrom = learnedPeriod(period, options.learnMs);
  const { looks, proposals } = lookAtThresholds(await thresholdInput(id, period, options));
  return {
    format: 1,
    id,
    ...period,
    figures,
    before: { ...before, figures: await figuresOf(ask, before) },
    categories: await categoryVolumes(ask, period),
    tiers: await volumesBy(ask, period, 'tier'),
    carriers: await volumesBy(ask, period, 'carrier'),
    approvals: await approvalsOf(ask, period),
    withheld: await withheldIn(ask, period, figures.actions),
    effects: await options.effects(client, learnedFrom),
    unmapped: await unmappedIn(ask, period),
    stale: stalePlaybooks(rules.playbooks, chosen, steps),
    thresholds: looks,
    learnedFrom,
    proposals,
    newCategories: (await options.categories({ to: period.to })).map((one) => categoryChangeOf(id, one)),
  };
};

const learnedPeriod = ({ from, to }: Period, learnMs: number): Period => ({
  from: Math.min(from, to - learnMs),
  to,
});

export const thresholdInput = async (
  review: string,
  period: Period,
  { client, rules, learnMs, range, spares }: Omit<ReviewOptions, 'effects' | 'categories'>,
): Promise<ProposalInput> => {
  const ask = askOf(client);
  const learned = learnedPeriod(period, learnMs);
  return {
    review,
    playbooks: rules.playbooks,
    cases: await predictedCases(ask, learned),
    alarm: await alarmCases(ask, learned),
    alarms: rules.alarms ?? {},
    range,
    spares,
    rates: rules.sla.rates,
  };
};
