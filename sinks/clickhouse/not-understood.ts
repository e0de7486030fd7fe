import type { ClickHouseClient } from '@clickhouse/client';
import type { Period } from '../../domain/review/period.ts';
import { askOf } from './ask.ts';

/** A day of one partner's code that no mapping knows, or of one text that no category covers. */
export interface NotUnderstoodRow {
  readonly feed: string;
  readonly standard: string | null;
  /** The code, in the one of both places where it stands; both null where there is only a text. */
  readonly status: string | null;
  readonly reason: string | null;
  readonly text: string | null;
  /** Since 1970, UTC. */
  readonly day: number;
  readonly count: number;
  readonly breached: number;
  readonly ended: number;
}

/** So many different texts are read, the most frequent ones: to cluster them takes the square of their number. */
export const TEXTS_READ = 1_000;

/**
 * What was heard in `[from; to)` and not understood, by day. An event with an unknown status and an unknown reason is a
 * row for each. A text counts by itself where its codes are understood, say little (information, held) and name no
 * category. Texts that differ in numbers, case and signs alone are one; less frequent ones are dropped, and left out of
 * the rows of codes. A shipment's end is counted on the first day of each finding, so that repeated scans weigh once.
 */
export const notUnderstood = async (
  client: ClickHouseClient,
  period: Period,
): Promise<readonly NotUnderstoodRow[]> => askOf(client)<NotUnderstoodRow>(notUnderstoodSql, period);

const notUnderstoodSql = `
WITH
  heard AS (
    SELECT
      source_feed AS feed,
      CAST(code_standard AS Nullable(String)) AS standard,
      ifNull(CAST(shipment_id AS Nullable(String)), '') AS shipment,
      intDiv(toUnixTimestamp64Milli(heard_at), 86400000) AS day,
      if(status = 'unmapped', CAST(code_status AS Nullable(String)), NULL) AS unknown_status,
      if(cause = 'unmapped', CAST(code_reason AS Nullable(String)), NULL) AS unknown_reason,
      trim(replaceRegexpAll(lowerUTF8(ifNull(text, '')), '[^\\\\pL]+', ' ')) AS said,
      text,
      unknown_status IS NULL AND unknown_reason IS NULL AS by_text
    FROM tracking_events
    WHERE heard_at >= fromUnixTimestamp64Milli({from:Int64}, 'UTC')
      AND heard_at < fromUnixTimestamp64Milli({to:Int64}, 'UTC')
      AND (
        unknown_status IS NOT NULL OR unknown_reason IS NOT NULL
        OR (said != '' AND status IN ('information', 'held', 'unmapped')
          AND ifNull(category, 'unclassified') = 'unclassified')
      )
  ),
  common AS (
    SELECT said, min(text) AS text FROM heard WHERE said != ''
    GROUP BY said ORDER BY count() DESC, said LIMIT ${TEXTS_READ}
  ),
  found AS (
    SELECT h.feed AS feed, if(h.by_text, NULL, h.standard) AS standard, h.shipment AS shipment, h.day AS day,
      nullIf(c.text, '') AS text,
      arrayJoin(arrayFilter(one -> h.by_text OR one.1 IS NOT NULL OR one.2 IS NOT NULL, if(h.by_text,
        [tuple(CAST(NULL AS Nullable(String)), CAST(NULL AS Nullable(String)))],
        [tuple(h.unknown_status, CAST(NULL AS Nullable(String))), tuple(CAST(NULL AS Nullable(String)), h.unknown_reason)]
      ))) AS code,
      row_number() OVER (PARTITION BY code, standard, if(h.by_text, text, NULL), shipment ORDER BY day, feed) AS nth
    FROM heard AS h LEFT JOIN common AS c ON c.said = h.said
    WHERE NOT h.by_text OR c.said != ''
  )
SELECT
  f.feed AS feed,
  f.standard AS standard,
  f.code.1 AS status,
  f.code.2 AS reason,
  f.text AS text,
  f.day AS day,
  count() AS count,
  countIf(f.nth = 1 AND o.shipment_id != '' AND o.breached) AS breached,
  countIf(f.nth = 1 AND o.shipment_id != '') AS ended
FROM found AS f
LEFT JOIN (SELECT shipment_id, breached FROM outcomes FINAL) AS o ON o.shipment_id = f.shipment
GROUP BY feed, standard, status, reason, text, day
ORDER BY day, feed, standard, status, reason, text`;
