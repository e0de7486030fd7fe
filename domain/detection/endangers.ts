import { expectedDelivery } from './expected-delivery.ts';
import { HOUR_MS, type View } from './view.ts';

/** Whether so many hours more on a leg would carry the delivery past the promise: what a night in a hub makes good does not. */
export const endangers = (view: View, leg: number, hours: number): boolean =>
  Math.max(view.now, expectedDelivery(view, { leg, ms: hours * HOUR_MS })) > view.plan.promisedAt;

/** The first of these times that is still to come; null when all have passed. */
export const nextOf = (times: readonly number[], now: number): number | null => {
  const ahead = times.filter((at) => at > now);
  return ahead.length === 0 ? null : Math.min(...ahead);
};
