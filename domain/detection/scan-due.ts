import { nextExpectedAt, nextStep } from '../next-step.ts';
import type { PlanStep } from '../plan-shape.ts';
import { ladderOf, type ScanRhythm } from '../scan-rhythm.ts';
import { HOUR_MS, MINUTE_MS, type View } from './view.ts';

/** The narrowest rhythm that is made of scans enough. */
const rhythmOf = (view: View, step: PlanStep): ScanRhythm | undefined => {
  for (const key of ladderOf(view.plan, step)) {
    const rhythm = view.rhythm(key);
    if (rhythm !== undefined && rhythm.scans >= view.rules.missingScan.minScans) return rhythm;
  }
  return undefined;
};

/** How long after it was expected a scan may be before its absence means something. */
const patienceMs = (view: View, step: PlanStep): number => {
  const { quantile, atLeastMin, unlearnedHours } = view.rules.missingScan;
  const usualMin = rhythmOf(view, step)?.[quantile[view.tier]] ?? null;
  if (usualMin === null) return unlearnedHours[view.plan.legs[step.leg]?.mode ?? view.plan.mode] * HOUR_MS;
  return Math.max(atLeastMin, usualMin) * MINUTE_MS;
};

export interface ScanDue {
  readonly step: PlanStep;
  /** Log time by which it should have been heard. */
  readonly dueAt: number;
  readonly carrier: string;
}

/**
 * The next scan, and by when it should have been heard. Expected at 10:00, 98 of 100 such scans heard within 190 min, at
 * least 240 min asked for → 14:00. Null when nothing is to come.
 */
export const scanDue = (view: View): ScanDue | null => {
  const { plan, progress, heardAt } = view;
  const step = nextStep(plan, progress);
  if (step === null) return null;
  const dueAt = nextExpectedAt(plan, progress, step, heardAt) + patienceMs(view, step);
  return { step, dueAt, carrier: plan.legs[step.leg]?.carrier ?? plan.carrier };
};

/** Where a plan has few scans, nobody waits for two of them. */
const AT_MOST_MS = 24 * HOUR_MS;

/**
 * By when a shipment should have been heard of, though the scan that is due were lost: when the one after it is due as well.
 * One scan in twenty or thirty is never made, and two in a row one in hundreds. Departure due 14:00, the arrival after it
 * 22:00 → 22:00; two days later → 14:00 the next day. Where nothing comes after the next scan, that one alone; and a pickup
 * alone where the plan has no departure after it, for until then nobody has said that he has the goods.
 */
export const heardDue = (view: View): ScanDue | null => {
  const first = scanDue(view);
  if (first === null || first.step.kind === 'delivery') return first;
  const { key, plannedAt } = first.step;
  const { progress } = view;
  const passed = { ...progress, reached: { ...progress.reached, [key]: { at: plannedAt, eventId: '' } } };
  const second = nextStep(view.plan, passed);
  if (second === null || (first.step.kind === 'pickup' && second.kind !== 'departure')) return first;
  const expectedAt = nextExpectedAt(view.plan, progress, second, view.heardAt);
  const secondAt = Math.min(expectedAt + patienceMs(view, second), first.dueAt + AT_MOST_MS);
  return { ...first, dueAt: Math.max(first.dueAt, secondAt) };
};
