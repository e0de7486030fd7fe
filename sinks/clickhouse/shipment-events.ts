import type { ClickHouseClient } from '@clickhouse/client';
import { overrides, takesBack } from '../../domain/event-version.ts';

/** One event of a shipment, and what has become of it since. */
export interface ShipmentEvent {
  readonly id: string;
  /** Event time. */
  readonly at: number;
  /** Log time. */
  readonly heardAt: number;
  readonly feed: string;
  readonly document: string;
  readonly position: number;
  /** `x12-214@2`: by which version of which mapping it was read. */
  readonly mapping: string | null;
  readonly carrier: string | null;
  readonly status: string;
  /** Of an estimate: the status that is to come. */
  readonly expects: string | null;
  readonly cause: string;
  readonly effect: string;
  readonly party: string;
  readonly category: string | null;
  readonly code: {
    readonly standard: string;
    readonly status: string | null;
    readonly reason: string | null;
  } | null;
  readonly city: string | null;
  readonly region: string | null;
  readonly country: string | null;
  readonly unlocode: string | null;
  readonly locationId: string | null;
  readonly estimatedAt: number | null;
  readonly precision: string;
  /** Where its zone of time came from. */
  readonly zoneSource: string;
  readonly text: string | null;
  /**
   * `stands`; `corrected`: a later version of it stands instead; `retracted`: it was taken back. An event that takes another one
   * back is a `retraction` and tells of nothing else.
   */
  readonly state: 'stands' | 'corrected' | 'retracted' | 'retraction';
  /** The event that corrected it, or took it back. */
  readonly by: string | null;
  /** Of a retraction: what it takes back. */
  readonly retracts: string | null;
}

/** Where a page ends, and the next one begins behind it. */
export interface EventsBefore {
  readonly at: number;
  readonly id: string;
}

export interface ShipmentEvents {
  readonly events: readonly ShipmentEvent[];
  /** Null where there are no older ones. */
  readonly next: EventsBefore | null;
}

/** The first instant that no event reaches. */
const NOW_AND_AFTER: EventsBefore = { at: Date.UTC(2299, 0), id: '' };

/** Events of a shipment before a place, by event time and then id, the newest first. */
export const shipmentEvents = async (
  client: ClickHouseClient,
  shipmentId: string,
  { limit, before = NOW_AND_AFTER }: { readonly limit: number; readonly before?: EventsBefore | undefined },
): Promise<ShipmentEvents> => {
  const ask = async <Row>(query: string): Promise<readonly Row[]> => {
    const answer = await client.query({
      query,
      format: 'JSONEachRow',
      query_params: { shipmentId, at: before.at, id: before.id, limit: limit + 1 },
      clickhouse_settings: { output_format_json_quote_64bit_integers: 0 },
    });
    return answer.json<Row>();
  };
  const rows = await ask<EventRow>(eventsSql);
  const news = rows.length === 0 ? [] : await ask<NewsRow>(newsSql);
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  return {
    events: page.map((row) => eventOf(row, news)),
    next: rows.length > limit && last !== undefined ? { at: last.at, id: last.id } : null,
  };
};

type EventRow = Omit<ShipmentEvent, 'state' | 'by' | 'code'> & {
  readonly standard: string | null;
  readonly codeStatus: string | null;
  readonly reason: string | null;
};
interface NewsRow {
  readonly id: string;
  readonly retracts: string | null;
}

const eventOf = (
  { standard, codeStatus, reason, ...row }: EventRow,
  news: readonly NewsRow[],
): ShipmentEvent => {
  const code = standard === null ? null : { standard, status: codeStatus, reason };
  const taken = news.find(({ retracts }) => retracts !== null && takesBack(retracts, row.id));
  const corrected = news.findLast(({ id }) => overrides(id, row.id));
  if (taken !== undefined) return { ...row, code, state: 'retracted', by: taken.id };
  if (corrected !== undefined) return { ...row, code, state: 'corrected', by: corrected.id };
  return { ...row, code, state: row.retracts === null ? 'stands' : 'retraction', by: null };
};

const millis = (column: string): string => `toUnixTimestamp64Milli(${column})`;

const eventsSql = `
SELECT id, ${millis('e.at')} AS at, ${millis('e.heard_at')} AS heardAt,
  source_feed AS feed, source_document AS document, source_position AS position, source_mapping AS mapping,
  carrier, status, expects, cause, effect, party, category,
  code_standard AS standard, code_status AS codeStatus, code_reason AS reason,
  place_city AS city, place_region AS region, place_country AS country, place_unlocode AS unlocode,
  place_location_id AS locationId, ${millis('e.estimated_at')} AS estimatedAt,
  precision, zone_source AS zoneSource, text, retracts
FROM tracking_events AS e
WHERE shipment_id = {shipmentId:String}
  AND (e.at, id) < (fromUnixTimestamp64Milli({at:Int64}, 'UTC'), {id:String})
ORDER BY e.at DESC, id DESC
LIMIT 1 BY id
LIMIT {limit:UInt32}`;

/** What takes back or stands instead of others: retractions, and versions of events that have them, in their order. */
const newsSql = `
SELECT id, retracts FROM tracking_events
WHERE shipment_id = {shipmentId:String} AND (retracts IS NOT NULL OR length(id) = 48)
ORDER BY id
LIMIT 1 BY id`;
