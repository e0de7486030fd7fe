import type { ContentsClass, Mode, Tier } from '../../domain/codes.ts';
import type { PredictedCase } from '../../domain/review/guard-cases.ts';
import type { Period } from '../../domain/review/period.ts';
import type { AlarmCases } from '../../domain/review/proposals.ts';
import type { Ask } from './ask.ts';
import { alarmCasesSql, predictedCasesSql } from './review-queries.ts';

interface PredictedRow {
  readonly id: string;
  readonly shipment_id: string;
  readonly category: string;
  readonly peak: readonly [
    causeId: string | null,
    playbook: string,
    severity: number,
    tier: Tier,
    mode: Mode | null,
    contentsClass: ContentsClass | null,
    valueMinor: number | null,
    promisedAt: string | null,
    heardAt: string,
    valueCurrency: string | null,
  ];
  readonly probability: number;
  readonly breached: boolean;
  readonly penalty_minor: number;
  readonly currency: string;
}

/** '2026-01-05 10:00:00.000' is UTC. */
const millis = (text: string): number => Date.parse(`${text.replace(' ', 'T')}Z`);

/** Predicted exceptions at their most probable, of shipments that ended in the period. */
export const predictedCases = async (ask: Ask, period: Period): Promise<readonly PredictedCase[]> =>
  (await ask<PredictedRow>(predictedCasesSql, period)).map((row) => {
    const [
      causeId,
      playbook,
      severity,
      tier,
      mode,
      contentsClass,
      valueMinor,
      promisedAt,
      heardAt,
      valueCurrency,
    ] = row.peak;
    return {
      exceptionId: row.id,
      shipmentId: row.shipment_id,
      causeId,
      playbook,
      category: row.category,
      severity,
      tier,
      mode,
      contentsClass,
      valueMinor,
      valueCurrency,
      promisedAt: promisedAt === null ? null : millis(promisedAt),
      at: millis(heardAt),
      probability: row.probability,
      breached: row.breached,
      penaltyMinor: row.penalty_minor,
      currency: row.currency,
    };
  });

interface AlarmRow {
  readonly shipment_id: string;
  readonly probability: number;
  readonly threshold: number;
  readonly model: string;
  readonly at: string;
  readonly breached: boolean;
  readonly predicted: boolean;
  readonly penalty_minor: number;
  readonly cost_minor: number;
  readonly cost_currency: string;
  /** Of the penalty. */
  readonly currency: string;
}

/**
 * Shipments that ended in the period by the highest risk that was predicted before the promise, of the version of the
 * model that scored last, for each has a scale of its own, and in the currency of most of them: an alarm costs what was
 * spent on the average shipment that had one.
 */
export const alarmCases = async (ask: Ask, period: Period): Promise<AlarmCases | null> => {
  const all = await ask<AlarmRow>(alarmCasesSql, period);
  const latest = all.reduce<AlarmRow | null>(
    (last, row) => (last === null || row.at > last.at ? row : last),
    null,
  );
  const ofModel = all.filter(({ model }) => model === latest?.model);
  const currency = mostFrequent(ofModel.map((row) => row.currency));
  const rows = ofModel.filter((row) => row.currency === currency);
  if (currency === null || latest === null) return null;
  // A cost in another currency than the penalties cannot be weighed against them.
  const alarmed = rows.filter((row) => row.predicted && row.cost_currency === currency);
  const spent = alarmed.reduce((sum, { cost_minor: cost }) => sum + cost, 0);
  return {
    model: latest.model,
    current: latest.threshold,
    actionCostMinor: alarmed.length === 0 ? 0 : Math.round(spent / alarmed.length),
    currency,
    cases: rows.map((row) => ({
      cluster: row.shipment_id,
      probability: row.probability,
      breached: row.breached,
      penaltyMinor: row.penalty_minor,
    })),
  };
};

const mostFrequent = (words: readonly string[]): string | null => {
  const counts = new Map<string, number>();
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  const [first] = [...counts].toSorted(([a, x], [b, y]) => y - x || (a < b ? -1 : 1));
  return first?.[0] ?? null;
};
