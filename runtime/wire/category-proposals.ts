import type { ClickHouseClient } from '@clickhouse/client';
import type { CategoryFinding } from '../../domain/review/category-finding.ts';
import { proposeCategories } from '../../models/novelty/propose-categories.ts';
import { askOf } from '../../sinks/clickhouse/ask.ts';
import { notUnderstood } from '../../sinks/clickhouse/not-understood.ts';

const DAY_MS = 86_400_000;
/** Days of late, and how many before them they are compared with, where nobody says from when on. */
const LATELY_DAYS = 7;
const BEFORE_DAYS = 28;

/**
 * Kinds of trouble without a category that are on the rise at `now`, by the tables, and that nobody has accepted yet.
 * Whole days count, in UTC: at day 100, 15:00 it is days [93; 100) against [65; 93), and with `from` in day 80 against
 * [80; 93).
 */
export const categoryProposals = async (
  client: ClickHouseClient,
  now: number,
  { from }: { readonly from?: number } = {},
): Promise<readonly CategoryFinding[]> => {
  const today = Math.floor(now / DAY_MS);
  const lately = today - LATELY_DAYS;
  const first = from === undefined ? lately - BEFORE_DAYS : Math.min(lately - 1, Math.floor(from / DAY_MS));
  const rows = await notUnderstood(client, { from: first * DAY_MS, to: today * DAY_MS });
  const found = proposeCategories(rows, { today, latelyDays: LATELY_DAYS, beforeDays: lately - first });
  if (found.length === 0) return found;
  const accepted = new Set(
    (await askOf(client)<{ readonly subject: string }>(acceptedSql, { from: 0, to: 0 })).map(
      ({ subject }) => subject,
    ),
  );
  return found.filter(({ key }) => !accepted.has(key));
};

/** What was accepted and not taken back since: then it may be proposed again, while it rises. */
const acceptedSql = `
SELECT DISTINCT a.subject AS subject
FROM audits AS a
LEFT JOIN (
  SELECT before AS name, max(heard_at) AS at FROM audits WHERE kind = 'category_reverted' GROUP BY name
) AS r ON r.name = a.after
WHERE a.kind = 'category_accepted' AND a.heard_at > r.at`;
