import type { ClickHouseClient } from '@clickhouse/client';
import { askOf, type OpenPeriod } from './ask.ts';

/** A partner's code that no mapping knows, and how often it came. */
export interface UnmappedCode {
  readonly feed: string;
  readonly standard: string | null;
  readonly place: 'status' | 'reason';
  readonly code: string;
  readonly events: number;
  /** Log time. */
  readonly lastHeardAt: number;
}

/**
 * Of a period of log time, counted by partner and code, the most frequent first. An event whose status and reason are both
 * unknown counts in both. An event that waits for a plan counts from when it was held: of a new partner, whose names no plan
 * claims yet, one wants to know that first.
 */
export const unmappedCodes = (
  client: ClickHouseClient,
  period: OpenPeriod,
): Promise<readonly UnmappedCode[]> => askOf(client)<UnmappedCode>(sql, period);

const sql = `
SELECT feed, standard, place, code, count() AS events, max(heard) AS lastHeardAt
FROM (
  SELECT
    feed,
    code_standard AS standard,
    heard,
    arrayJoin(arrayFilter(one -> isNotNull(one.2), [
      ('status', if(status = 'unmapped', CAST(code_status AS Nullable(String)), NULL)),
      ('reason', if(cause = 'unmapped', CAST(code_reason AS Nullable(String)), NULL))
    ])) AS found,
    found.1 AS place,
    assumeNotNull(found.2) AS code
  FROM (
    -- A grave event is raised under a name of its own while it is held, and has been counted as that.
    SELECT source_feed AS feed, code_standard, code_status, code_reason, status, cause, toUnixTimestamp64Milli(heard_at) AS heard
    FROM tracking_events
    WHERE (status = 'unmapped' OR cause = 'unmapped') AND NOT startsWith(ifNull(shipment_id, ''), 'unknown:')
    UNION ALL
    SELECT feed, code_standard, code_status, code_reason, status, cause, toUnixTimestamp64Milli(heard_at) AS heard
    FROM identity_findings
    WHERE what = 'held' AND (status = 'unmapped' OR cause = 'unmapped')
      AND event_id NOT IN (SELECT event_id FROM identity_findings WHERE what = 'found')
  )
  WHERE heard >= {from:Int64} AND heard < {to:Int64}
)
GROUP BY feed, standard, place, code
ORDER BY events DESC, feed, standard, place, code`;
