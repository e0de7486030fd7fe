import type { ClickHouseClient } from '@clickhouse/client';
import { askOf, type OpenPeriod } from './ask.ts';

/** An event whose shipment nobody knows yet: it is held until a plan claims one of its names. */
export interface UnknownEvent {
  readonly eventId: string;
  readonly feed: string;
  readonly carrier: string | null;
  readonly status: string;
  readonly category: string | null;
  /** Best first. */
  readonly names: readonly string[];
  /** Event time. */
  readonly at: number;
  /** Log time at which it was held. */
  readonly heardAt: number;
}

/** Events that are held now, of those that were heard in `[from; to)`; the longest held first. */
export const unknownEvents = (
  client: ClickHouseClient,
  period: OpenPeriod,
): Promise<readonly UnknownEvent[]> => askOf(client)<UnknownEvent>(sql, period);

const sql = `
SELECT
  event_id AS eventId,
  any(f.feed) AS feed,
  any(f.carrier) AS carrier,
  any(f.status) AS status,
  any(f.category) AS category,
  any(f.names) AS names,
  min(toUnixTimestamp64Milli(f.at)) AS at,
  min(toUnixTimestamp64Milli(f.heard_at)) AS heardAt
FROM identity_findings AS f
WHERE f.what NOT IN ('disagreed', 'merge_loop')
GROUP BY event_id
HAVING countIf(f.what != 'held') = 0
  AND min(f.heard_at) >= fromUnixTimestamp64Milli({from:Int64}, 'UTC')
  AND min(f.heard_at) < fromUnixTimestamp64Milli({to:Int64}, 'UTC')
ORDER BY heardAt, eventId`;
