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

/** Of a period of log time, counted by partner and code, the most frequent first. An event whose status and reason are both unknown counts in both. */
export const unmappedCodes = (
  client: ClickHouseClient,
  period: OpenPeriod,
): Promise<readonly UnmappedCode[]> => askOf(client)<UnmappedCode>(sql, period);

const sql = `
SELECT feed, standard, place, code, count() AS events, max(heard) AS lastHeardAt
FROM (
  SELECT
    source_feed AS feed,
    code_standard AS standard,
    toUnixTimestamp64Milli(heard_at) AS heard,
    arrayJoin(arrayFilter(one -> isNotNull(one.2), [
      ('status', if(status = 'unmapped', CAST(code_status AS Nullable(String)), NULL)),
      ('reason', if(cause = 'unmapped', CAST(code_reason AS Nullable(String)), NULL))
    ])) AS found,
    found.1 AS place,
    assumeNotNull(found.2) AS code
  FROM tracking_events
  WHERE (status = 'unmapped' OR cause = 'unmapped')
    AND heard_at >= fromUnixTimestamp64Milli({from:Int64}, 'UTC')
    AND heard_at < fromUnixTimestamp64Milli({to:Int64}, 'UTC')
)
GROUP BY feed, standard, place, code
ORDER BY events DESC, feed, standard, place, code`;
