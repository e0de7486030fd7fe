import { endOf, type ShipmentCase, type ShipmentEnd } from './shipment-case.ts';

/** A shipment that is reported lost or stolen and is not seen for so long after its promise is given up. Our own figure. */
const GIVEN_UP_AFTER_MS = 14 * 86_400_000;

const lostCategories: ReadonlySet<string> = new Set(['loss', 'theft']);

/**
 * When a shipment counts as lost, null while nothing says that it may be. Promise on day 10, reported lost on day 12 →
 * day 26; a delivery, a return or a withdrawal before then, or after it, is what counts.
 */
export const lostAt = (state: ShipmentCase): number | null => {
  if (endOf(state) !== null || state.plan === null) return null;
  let reportedAt: number | null = null;
  for (const { category, kind, state: now, raisedAt } of Object.values(state.exceptions)) {
    if (!lostCategories.has(category) || kind !== 'detected' || now === 'withdrawn') continue;
    reportedAt = Math.min(reportedAt ?? Infinity, raisedAt);
  }
  return reportedAt === null ? null : Math.max(reportedAt, state.plan.firstPromisedAt) + GIVEN_UP_AFTER_MS;
};

export const lostEnd = (at: number): ShipmentEnd => ({ eventId: 'lost', result: 'lost', at });
