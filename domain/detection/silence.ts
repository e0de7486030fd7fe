import { delayMin } from '../progress.ts';
import type { Mode } from '../codes.ts';
import type { Moving } from '../moving.ts';

/** How long after its expected time a scan may be before its absence means something, in hours. */
const graceHours: Readonly<Record<Mode, number>> = {
  parcel: 8,
  ltl: 10,
  truckload: 8,
  rail: 24,
  ocean: 36,
  air: 6,
};

/**
 * Log time by which the next scan should have been heard: when the next milestone is due, later by the delay so far
 * and by the grace of the mode, and never sooner than the grace from now. Null when nothing is to be expected.
 */
export const nextScanBy = ({ plan, progress, ended }: Moving, now: number): number | null => {
  if (ended) return null;
  const next = plan.milestones.find((milestone) => progress.reached[milestone.key] === undefined);
  if (next === undefined) return null;
  const graceMs = graceHours[plan.mode] * 3_600_000;
  const lateMs = Math.max(0, delayMin(plan, progress)) * 60_000;
  return Math.max(next.plannedAt + lateMs, now) + graceMs;
};

/** A promise is missed when nothing was heard of the delivery for this long after it: scans come late. */
const HEARING_MS = 60 * 60_000;

export const deliveryDueBy = ({ plan, ended }: Moving): number | null =>
  ended ? null : plan.promisedAt + HEARING_MS;
