import type { Period } from '../../domain/review/period.ts';
import type { Rules } from '../../domain/rules.ts';
import { askOf } from '../../sinks/clickhouse/ask.ts';
import { ForewarnError } from '../forewarn-error.ts';
import { loadRules } from '../rules/load-rules.ts';
import { repeatedly } from './repeatedly.ts';
import type { Reviews, ReviewsOptions } from './reviews.ts';

export interface ScheduleOptions {
  readonly reviews: Reviews;
  readonly log: { readonly closedUntil: number };
  /** True when everything heard until then has been decided on. */
  readonly decided: (at: number) => boolean;
  /** Resolves when everything that is durable in the log is in its table. */
  readonly tablesFilled: () => Promise<void>;
  /** False where nothing was heard before the end of a period. */
  readonly heardBefore: (at: number) => Promise<boolean>;
  readonly onError: (error: unknown) => void;
  /** How often log time is looked at, on the wall clock. */
  readonly everyMs?: number;
}

/**
 * Writes the review of each period once log time has passed its end and everything heard until then is in the tables.
 * Of periods that passed while nobody ran the last one is written; those before can be asked for by hand.
 */
export const scheduleReviews = (options: ScheduleOptions): { readonly stop: () => Promise<void> } => {
  const { reviews, log, everyMs = 2_000 } = options;
  const look = async (): Promise<void> => {
    const at = log.closedUntil;
    const period = reviews.due(at);
    if (period === null || !options.decided(period.to) || !(await options.heardBefore(period.to))) return;
    await options.tablesFilled();
    await reviews.writeDue(at);
  };
  return repeatedly({ work: look, everyMs, onError: options.onError });
};

/** The rules as they lie in the folder now; those in force where they would not load. */
export const rulesNow = (folder: string, inForce: () => Rules) => (): Rules => {
  try {
    return loadRules(folder);
  } catch (error) {
    if (error instanceof ForewarnError) return inForce();
    throw error;
  }
};

/** Whether any document was heard before a time. */
export const heardBefore =
  (client: ReviewsOptions['client']) =>
  async (at: number): Promise<boolean> => {
    const period: Period = { from: 0, to: at };
    const [row] = await askOf(client)<{ readonly plans: number }>(
      `SELECT count() AS plans FROM shipment_plans
        WHERE heard_at < fromUnixTimestamp64Milli({to:Int64}, 'UTC') AND toUnixTimestamp64Milli(heard_at) >= {from:Int64}`,
      period,
    );
    return (row?.plans ?? 0) > 0;
  };
