import type { Period } from '../../domain/review/period.ts';
import type {
  ActionLine,
  Approvals,
  Endings,
  Figures,
  Money,
  Share,
  UnmappedCode,
  Volume,
  Withheld,
} from '../../domain/review/review.ts';
import type { PlaybookUse, StepUse } from '../../domain/review/stale-playbooks.ts';
import type { Ask } from './ask.ts';
import * as sql from './review-queries.ts';

interface VolumeRow {
  readonly key: string;
  readonly raised: number;
  readonly predicted: number;
  readonly withdrawn: number;
  readonly precision_hits: number;
  readonly precision_of: number;
  readonly recall_hits: number;
  readonly recall_of: number;
  readonly median_lead_min: number | null;
  readonly before_promise_hits: number;
  readonly before_promise_of: number;
}
interface RecallRow {
  readonly key: string;
  readonly recall_hits: number;
  readonly recall_of: number;
}

const volumeOf = (row: VolumeRow, recall: Share): Volume => ({
  key: row.key,
  raised: row.raised,
  predicted: row.predicted,
  withdrawn: row.withdrawn,
  precision: { hits: row.precision_hits, of: row.precision_of },
  recall,
  medianLeadMin: row.median_lead_min,
  beforePromise: { hits: row.before_promise_hits, of: row.before_promise_of },
});

/** By category: recall is of the broken promises of shipments that had the category. */
export const categoryVolumes = async (ask: Ask, period: Period): Promise<readonly Volume[]> =>
  (await ask<VolumeRow>(sql.volumeSql('category'), period)).map((row) =>
    volumeOf(row, { hits: row.recall_hits, of: row.recall_of }),
  );

/** By tier or carrier: recall is of all broken promises of the shipments that ended in the period. */
export const volumesBy = async (
  ask: Ask,
  period: Period,
  column: 'tier' | 'carrier',
): Promise<readonly Volume[]> => {
  const recalls = new Map(
    (await ask<RecallRow>(sql.recallSql(`o.${column}`), period)).map(({ key, recall_hits, recall_of }) => [
      key,
      { hits: recall_hits, of: recall_of },
    ]),
  );
  const rows = await ask<VolumeRow>(sql.volumeSql(column), period);
  const known = new Set(rows.map(({ key }) => key));
  return [
    ...rows.map((row) => volumeOf(row, recalls.get(row.key) ?? none)),
    // Nothing was raised about these, and that is what recall is about.
    ...[...recalls]
      .filter(([key, { of }]) => !known.has(key) && of > 0)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, recall]) => ({ ...quiet(key), recall })),
  ];
};

const none: Share = { hits: 0, of: 0 };
const quiet = (key: string): Volume => ({
  key,
  raised: 0,
  predicted: 0,
  withdrawn: 0,
  precision: none,
  recall: none,
  medianLeadMin: null,
  beforePromise: none,
});

/** The figures that are compared with those of the period before. */
export const figuresOf = async (ask: Ask, period: Period): Promise<Figures> => {
  const [row] = await ask<VolumeRow>(sql.volumeSql("'all'"), period);
  const [recall] = await ask<RecallRow>(sql.recallSql("'all'"), period);
  const total = row === undefined ? quiet('all') : volumeOf(row, none);
  return {
    total: {
      ...total,
      recall: recall === undefined ? none : { hits: recall.recall_hits, of: recall.recall_of },
    },
    endings: await endingsOf(ask, period),
    actions: await actionLines(ask, period),
    money: await moneyOf(ask, period),
  };
};

const endingsOf = async (ask: Ask, period: Period): Promise<Endings> => {
  const [row] = await ask<{
    readonly ended: number;
    readonly breached: number;
    readonly told: number;
    readonly asked: number;
  }>(sql.endingsSql, period);
  const { ended = 0, breached = 0, told = 0, asked = 0 } = row ?? {};
  return {
    ended,
    breached,
    toldBeforeBreach: { hits: told, of: breached },
    asked: { hits: asked, of: ended },
  };
};

const actionLines = async (ask: Ask, period: Period): Promise<readonly ActionLine[]> => {
  const lines = new Map<string, Record<string, number>>();
  for (const { type, state, actions } of await ask<{
    readonly type: string;
    readonly state: string;
    readonly actions: number;
  }>(sql.plannedSql, period)) {
    const states = lines.get(type) ?? {};
    states[state] = actions;
    lines.set(type, states);
  }
  return [...lines].map(([type, states]) => ({ type, states }));
};

export const moneyOf = async (ask: Ask, period: Period): Promise<readonly Money[]> => {
  const spent = await ask<{ readonly currency: string; readonly minor: number }>(sql.spentSql, period);
  const lost = await ask<{ readonly currency: string; readonly penalties: number; readonly value: number }>(
    sql.penaltySql,
    period,
  );
  const currencies = new Set([...spent, ...lost].map(({ currency }) => currency));
  return [...currencies].toSorted().map((currency) => {
    const own = lost.find((row) => row.currency === currency);
    return {
      currency,
      actionsMinor: spent.find((row) => row.currency === currency)?.minor ?? 0,
      penaltiesMinor: own?.penalties ?? 0,
      breachedValueMinor: own?.value ?? 0,
    };
  });
};

interface ApprovalRow {
  readonly state: string;
  readonly verdict: string;
  readonly reason: string;
  readonly waited_min: number | null;
}

export const approvalsOf = async (ask: Ask, period: Period): Promise<Approvals> => {
  const rows = await ask<ApprovalRow>(sql.approvalSql, period);
  const waits = rows.flatMap(({ waited_min: min }) => (min === null ? [] : [min])).toSorted((a, b) => a - b);
  const refused = rows.filter(({ verdict }) => verdict === 'refuse');
  const reasons = new Map<string, number>();
  for (const { reason } of refused) reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
  return {
    asked: rows.length,
    approved: rows.filter(({ verdict }) => verdict === 'approve').length,
    refused: refused.length,
    lapsed: rows.filter(({ verdict, state }) => verdict === '' && state !== 'awaiting_approval').length,
    medianMin: middle(waits),
    slowestMin: waits.at(-1) ?? null,
    refusedBecause: [...reasons]
      .map(([reason, count]) => ({ reason, count }))
      .toSorted((a, b) => b.count - a.count || (a.reason < b.reason ? -1 : 1)),
  };
};

/** `middle([1, 2, 3])` → 2, `middle([1, 2])` → 1.5 */
const middle = (sorted: readonly number[]): number | null => {
  if (sorted.length === 0) return null;
  const half = (sorted.length - 1) / 2;
  return (sorted[Math.floor(half)]! + sorted[Math.ceil(half)]!) / 2;
};

export const withheldIn = async (
  ask: Ask,
  period: Period,
  actions: readonly ActionLine[],
): Promise<readonly Withheld[]> => {
  const suppressed = await ask<{
    readonly type: string;
    readonly reason: string;
    readonly actions: number;
  }>(sql.suppressedSql, period);
  return [
    ...suppressed.map(({ type, reason, actions: count }) => ({ type, reason, count })),
    ...actions.flatMap(({ type, states: { held_out: count = 0 } }) =>
      count === 0 ? [] : [{ type, reason: 'hold_out', count }],
    ),
  ];
};

export const unmappedIn = async (ask: Ask, period: Period): Promise<readonly UnmappedCode[]> =>
  (await ask<Omit<UnmappedCode, 'count'> & { readonly events: number }>(sql.unmappedSql, period)).map(
    ({ events, ...code }) => ({ ...code, count: events }),
  );

export const playbooksUsed = async (
  ask: Ask,
  period: Period,
): Promise<{ readonly chosen: readonly PlaybookUse[]; readonly steps: readonly StepUse[] }> => ({
  chosen: (await ask<{ readonly name: string; readonly exceptions: number }>(sql.playbookUseSql, period)).map(
    ({ name, exceptions }) => ({ playbook: name, exceptions }),
  ),
  steps: await ask<StepUse>(sql.stepUseSql, period),
});
