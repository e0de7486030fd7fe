import type { ClickHouseClient } from '@clickhouse/client';
import type { EdiFinding } from '../../domain/edi-finding.ts';
import { askOf, type OpenPeriod } from './ask.ts';

/** An oddity of EDI envelopes that a partner repeats, and where it was seen last. */
export interface RepeatedFinding extends Pick<EdiFinding, 'standard' | 'kind' | 'sender' | 'segment'> {
  readonly feed: string;
  readonly documents: number;
  readonly times: number;
  /** Of the last document: its id, what was wrong in it first, and where. */
  readonly document: string;
  readonly control: string;
  readonly said: string | null;
  readonly found: string | null;
  readonly byteOffset: number;
  /** Log time. */
  readonly lastHeardAt: number;
}

/** Of a period of log time, counted by feed, partner, kind and segment, the most frequent first. */
export const ediFindings = (
  client: ClickHouseClient,
  period: OpenPeriod,
): Promise<readonly RepeatedFinding[]> => askOf(client)<RepeatedFinding>(sql, period);

const sql = `
SELECT
  f.source_feed AS feed,
  f.standard AS standard,
  f.sender AS sender,
  f.kind AS kind,
  f.segment AS segment,
  uniqExact(f.source_document) AS documents,
  sum(f.times) AS times,
  argMax(tuple(f.source_document, f.control, f.said, f.found, f.byte_offset), (f.heard_at, f.id)) AS last,
  last.1 AS document,
  last.2 AS control,
  last.3 AS said,
  last.4 AS found,
  last.5 AS byteOffset,
  max(toUnixTimestamp64Milli(f.heard_at)) AS lastHeardAt
FROM edi_findings AS f
WHERE f.heard_at >= fromUnixTimestamp64Milli({from:Int64}, 'UTC')
  AND f.heard_at < fromUnixTimestamp64Milli({to:Int64}, 'UTC')
GROUP BY feed, standard, sender, kind, segment
ORDER BY times DESC, feed, standard, sender, kind, segment`;
