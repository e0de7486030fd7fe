import type { RateChange } from './arrival.ts';
import { type CarrierRate, RATE_DAYS, rateKey, type RateScope } from './carrier-rate.ts';
import { stableId } from './stable-id.ts';

const DAY_MS = 86_400_000;

const dayOf = (at: number): number => Math.floor(at / DAY_MS);

/** The shipments of one scope by the day, UTC, on which their arrival became known: at most `RATE_DAYS` of them. */
export interface RateWindow {
  readonly scope: RateScope | null;
  readonly days: readonly { readonly day: number; readonly shipments: number; readonly inTime: number }[];
  /** What was told last, and when; null before the first time. */
  readonly told: { readonly at: number; readonly shipments: number; readonly inTime: number } | null;
}

export const emptyWindow: RateWindow = { scope: null, days: [], told: null };

const firstDay = (now: number): number => dayOf(now) - RATE_DAYS + 1;

/** Without the days that have left: what became known on the 3rd counts until the end of the 30th. */
export const slid = (window: RateWindow, now: number): RateWindow => {
  const days = window.days.filter(({ day }) => day >= firstDay(now));
  return days.length === window.days.length ? window : { ...window, days };
};

/** Log time at which its oldest day leaves; null of an empty window. */
export const slidesAt = ({ days }: RateWindow): number | null => {
  const oldest = days.reduce((first, { day }) => Math.min(first, day), Infinity);
  return oldest === Infinity ? null : (oldest + RATE_DAYS) * DAY_MS;
};

export const withChange = (window: RateWindow, change: RateChange, now: number): RateWindow => {
  const day = dayOf(change.knownAt);
  const kept = { ...slid(window, now), scope: change.scope };
  if (day < firstDay(now)) return kept;
  const { shipments, inTime } = kept.days.find((one) => one.day === day) ?? { shipments: 0, inTime: 0 };
  const changed = { day, shipments: shipments + change.shipments, inTime: inTime + change.inTime };
  const others = kept.days.filter((one) => one.day !== day);
  return { ...kept, days: changed.shipments === 0 ? others : [...others, changed] };
};

/** The window as a row where that is news, and the window that has told it. */
export const tell = (
  window: RateWindow,
  now: number,
): { readonly window: RateWindow; readonly rate: CarrierRate | null } => {
  const { scope, told } = window;
  let shipments = 0;
  let inTime = 0;
  for (const day of window.days) {
    shipments += day.shipments;
    inTime += day.inTime;
  }
  if (scope === null || (told?.shipments === shipments && told.inTime === inTime))
    return { window, rate: null };
  const key = rateKey(scope);
  return {
    window: { ...window, told: { at: now, shipments, inTime } },
    rate: {
      id: stableId('carrier-rate', key, now),
      at: now,
      heardAt: now,
      key,
      ...scope,
      windowFrom: firstDay(now) * DAY_MS,
      shipments,
      inTime,
      share: shipments === 0 ? null : inTime / shipments,
    },
  };
};
