import type { ClickHouseClient } from '@clickhouse/client';
import type { Money } from '../../domain/review/review.ts';
import { alarmTruth, type AlarmTruth } from './alarm-truth.ts';
import { askOf } from './ask.ts';
import { categorySql, actionSql, totalSql } from './report-queries.ts';
import { moneyOf } from './review-figures.ts';

/** Hits among cases; what share that is, and whether it is enough to say one, is for the reader's eyes. */
export interface Share {
  readonly hits: number;
  readonly of: number;
}

export interface ReportLine {
  readonly raised: number;
  /** Those that were raised before they were seen: their first version was a prediction. */
  readonly predicted: number;
  /** Median of the minutes between first raise and promise; null where no exception had a promise. */
  readonly medianLeadMin: number | null;
  /** Among predicted exceptions of shipments that have ended: the promise was broken, or it was seen to come. */
  readonly precision: Share;
  /** Among broken promises of shipments that had this exception: it was predicted before the promise passed. */
  readonly recall: Share;
  readonly breaches: number;
  /** Actions by the state that they are in now. */
  readonly actions: Readonly<Record<string, number>>;
}

export interface CategoryReport extends ReportLine {
  readonly category: string;
  readonly family: string;
}

export interface Report {
  /** How true alarms of late delivery were, prediction by prediction, as they ended and as they would have untreated. */
  readonly alarms?: AlarmTruth;
  readonly categories: readonly CategoryReport[];
  /** Recall and breaches here are of all shipments, also of those that nobody raised anything about. */
  readonly total: ReportLine & {
    readonly ended: number;
    readonly toldBeforeBreach: Share;
    /** Shipments whose customer asked at least once. */
    readonly asked: Share;
    readonly money: readonly Money[];
  };
}

/** Milliseconds; exceptions raised, and shipments ended, in [from; to). */
export interface ReportPeriod {
  readonly from?: number;
  readonly to?: number;
}

interface CategoryRow {
  readonly category: string;
  readonly family: string;
  readonly raised: number;
  readonly predicted: number;
  readonly median_lead_min: number | null;
  readonly precision_hits: number;
  readonly precision_of: number;
  readonly recall_hits: number;
  readonly recall_of: number;
}
interface ActionRow {
  readonly category: string;
  readonly state: string;
  readonly actions: number;
}
interface TotalRow {
  readonly ended: number;
  readonly breached: number;
  readonly recalled: number;
  readonly told: number;
  readonly asked: number;
}

const LATEST = Date.UTC(2299, 0);

/** What was raised, how well it was predicted, what was done about it and how it ended, by category. */
export const report = async (
  client: ClickHouseClient,
  { from = 0, to = LATEST }: ReportPeriod = {},
): Promise<Report> => {
  const period = { from, to };
  const askAll = askOf(client);
  const ask = <Row>(query: string) => askAll<Row>(query, period);
  const categories = await ask<CategoryRow>(categorySql('e.category'));
  const [all] = await ask<CategoryRow>(categorySql("'all'"));
  const actions = await ask<ActionRow>(actionSql);
  const [total] = await ask<TotalRow>(totalSql);
  const breaches = total?.breached ?? 0;
  return {
    alarms: await alarmTruth(client, period),
    categories: categories.map((row) => ({
      category: row.category,
      family: row.family,
      ...lineOf(row),
      actions: byState(actions.filter(({ category }) => category === row.category)),
    })),
    total: {
      ...(all === undefined ? nothing : lineOf(all)),
      actions: byState(actions),
      recall: { hits: total?.recalled ?? 0, of: breaches },
      breaches,
      ended: total?.ended ?? 0,
      toldBeforeBreach: { hits: total?.told ?? 0, of: breaches },
      asked: { hits: total?.asked ?? 0, of: total?.ended ?? 0 },
      money: await moneyOf(askAll, period),
    },
  };
};

const lineOf = (row: CategoryRow): ReportLine => ({
  raised: row.raised,
  predicted: row.predicted,
  medianLeadMin: row.median_lead_min,
  precision: { hits: row.precision_hits, of: row.precision_of },
  recall: { hits: row.recall_hits, of: row.recall_of },
  breaches: row.recall_of,
  actions: {},
});

const nothing: ReportLine = {
  raised: 0,
  predicted: 0,
  medianLeadMin: null,
  precision: { hits: 0, of: 0 },
  recall: { hits: 0, of: 0 },
  breaches: 0,
  actions: {},
};

const byState = (rows: readonly ActionRow[]): Readonly<Record<string, number>> => {
  const counts: Record<string, number> = {};
  for (const { state, actions } of rows) counts[state] = (counts[state] ?? 0) + actions;
  return counts;
};
