import type { ClickHouseClient } from '@clickhouse/client';
import type { IdentityFinding } from '../../domain/identity-finding.ts';
import { askOf, type OpenPeriod } from './ask.ts';

/** An event whose names mean different shipments, or a plan that would close a loop of merges. */
export interface IdentityDispute {
  readonly what: Extract<IdentityFinding['what'], 'disagreed' | 'merge_loop'>;
  /** The event, or the plan. */
  readonly eventId: string;
  readonly feed: string;
  readonly carrier: string | null;
  /** Best first. */
  readonly names: readonly string[];
  /** The one that it was given to, or that the chain of merges ends at, comes first. */
  readonly shipmentIds: readonly string[];
  /** Event time. */
  readonly at: number;
  /** Log time at which it was found. */
  readonly heardAt: number;
}

/** Those that were found in `[from; to)`; the newest first, of many the thousand that are. */
export const identityDisputes = (
  client: ClickHouseClient,
  period: OpenPeriod,
): Promise<readonly IdentityDispute[]> => askOf(client)<IdentityDispute>(sql, period);

const sql = `
SELECT
  what,
  event_id AS eventId,
  feed,
  carrier,
  names,
  shipment_ids AS shipmentIds,
  toUnixTimestamp64Milli(f.at) AS at,
  toUnixTimestamp64Milli(f.heard_at) AS heardAt
FROM identity_findings AS f
WHERE what IN ('disagreed', 'merge_loop')
  AND f.heard_at >= fromUnixTimestamp64Milli({from:Int64}, 'UTC')
  AND f.heard_at < fromUnixTimestamp64Milli({to:Int64}, 'UTC')
ORDER BY heardAt DESC, eventId
LIMIT 1000`;
