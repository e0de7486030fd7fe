import { expectedArrival } from '../progress.ts';
import { HOUR_MS, type View } from './view.ts';

/** Whether so many hours more would carry the delivery past the promise. */
export const endangers = ({ plan, progress, now }: View, hours: number): boolean =>
  expectedArrival(plan, progress, now) + hours * HOUR_MS > plan.promisedAt;

/** The first of these times that is still to come; null when all have passed. */
export const nextOf = (times: readonly number[], now: number): number | null => {
  const ahead = times.filter((at) => at > now);
  return ahead.length === 0 ? null : Math.min(...ahead);
};
