import type { Migration } from '../migration.ts';

/**
 * What surrounds shipments beside alerts and ports (stations, roads, carriers, vessels), what people did about them in the
 * TMS and how that ended; and what plans and events say since these are read. Rows of before have the defaults.
 */
export const everySignal: Migration = {
  id: 8,
  name: 'every-signal',
  statements: [
    `ALTER TABLE outcomes
  ADD COLUMN IF NOT EXISTS claim_minor Nullable(Int64),
  ADD COLUMN IF NOT EXISTS claim_currency LowCardinality(Nullable(String)),
  ADD COLUMN IF NOT EXISTS reported_reason LowCardinality(Nullable(String))`,
    `ALTER TABLE tracking_events
  ADD COLUMN IF NOT EXISTS temperature_c Nullable(Float64),
  ADD COLUMN IF NOT EXISTS expects LowCardinality(Nullable(String))`,
    `ALTER TABLE shipment_plans
  ADD COLUMN IF NOT EXISTS temperature_min_c Nullable(Float64),
  ADD COLUMN IF NOT EXISTS temperature_max_c Nullable(Float64),
  ADD COLUMN IF NOT EXISTS merged_into Nullable(String)`,
    `CREATE TABLE IF NOT EXISTS weather_observations (
  id String,
  at DateTime64(3, 'UTC'),
  heard_at DateTime64(3, 'UTC'),
  source_feed LowCardinality(String),
  source_document String,
  source_position UInt32,
  source_decoder LowCardinality(String),
  source_mapping Nullable(String),
  station LowCardinality(String),
  place_location_id Nullable(String),
  place_city Nullable(String),
  place_region Nullable(String),
  place_country Nullable(String),
  place_postal_code Nullable(String),
  place_unlocode Nullable(String),
  place_latitude Nullable(Float64),
  place_longitude Nullable(Float64),
  temperature_c Nullable(Float64),
  wind_kph Nullable(Float64),
  gust_kph Nullable(Float64),
  visibility_m Nullable(Float64),
  precipitation_mm Nullable(Float64),
  conditions String
) ENGINE = MergeTree
ORDER BY (station, at)
SETTINGS non_replicated_deduplication_window = 10000
COMMENT 'What weather stations measured.'`,
    `CREATE TABLE IF NOT EXISTS road_status (
  id String,
  at DateTime64(3, 'UTC'),
  heard_at DateTime64(3, 'UTC'),
  source_feed LowCardinality(String),
  source_document String,
  source_position UInt32,
  source_decoder LowCardinality(String),
  source_mapping Nullable(String),
  road_id String,
  kind LowCardinality(String),
  corridors Array(LowCardinality(String)),
  road_names Array(String),
  direction Nullable(String),
  zones Array(String),
  latitude Nullable(Float64),
  longitude Nullable(Float64),
  state LowCardinality(String),
  travel_min Nullable(Float64),
  usual_min Nullable(Float64),
  starts_at DateTime64(3, 'UTC'),
  ends_at DateTime64(3, 'UTC'),
  note String
) ENGINE = MergeTree
ORDER BY (road_id, at)
SETTINGS non_replicated_deduplication_window = 10000
COMMENT 'Works on roads, and how long corridors take.'`,
    `CREATE TABLE IF NOT EXISTS carrier_updates (
  id String,
  at DateTime64(3, 'UTC'),
  heard_at DateTime64(3, 'UTC'),
  source_feed LowCardinality(String),
  source_document String,
  source_position UInt32,
  source_decoder LowCardinality(String),
  source_mapping Nullable(String),
  update_id String,
  kind LowCardinality(String),
  carrier LowCardinality(String),
  lanes Array(LowCardinality(String)),
  services Array(LowCardinality(String)),
  zones Array(String),
  cause LowCardinality(String),
  category LowCardinality(Nullable(String)),
  starts_at DateTime64(3, 'UTC'),
  ends_at DateTime64(3, 'UTC'),
  cancelled Bool,
  shipments Nullable(UInt32),
  on_time_rate Nullable(Float64),
  tender_acceptance Nullable(Float64),
  headline String
) ENGINE = MergeTree
ORDER BY (carrier, at)
SETTINGS non_replicated_deduplication_window = 10000
COMMENT 'Advisories, capacity and score cards of carriers.'`,
    `CREATE TABLE IF NOT EXISTS port_calls (
  id String,
  at DateTime64(3, 'UTC'),
  heard_at DateTime64(3, 'UTC'),
  source_feed LowCardinality(String),
  source_document String,
  source_position UInt32,
  source_decoder LowCardinality(String),
  source_mapping Nullable(String),
  port LowCardinality(String) COMMENT 'UN/LOCODE, such as USLAX.',
  vessel String,
  place LowCardinality(String),
  change LowCardinality(String)
) ENGINE = MergeTree
ORDER BY (port, at)
SETTINGS non_replicated_deduplication_window = 10000
COMMENT 'Vessels at anchor and at berth.'`,
    `CREATE TABLE IF NOT EXISTS vessel_positions (
  id String,
  at DateTime64(3, 'UTC'),
  heard_at DateTime64(3, 'UTC'),
  source_feed LowCardinality(String),
  source_document String,
  source_position UInt32,
  source_decoder LowCardinality(String),
  source_mapping Nullable(String),
  mmsi String,
  imo Nullable(String),
  name Nullable(String),
  latitude Nullable(Float64),
  longitude Nullable(Float64),
  speed_kn Nullable(Float64),
  course_deg Nullable(Float64),
  navigation Int64,
  destination Nullable(String),
  port Nullable(String)
) ENGINE = MergeTree
ORDER BY (mmsi, at)
SETTINGS non_replicated_deduplication_window = 10000
COMMENT 'Where vessels were.'`,
    `CREATE TABLE IF NOT EXISTS tms_changes (
  id String,
  at DateTime64(3, 'UTC'),
  heard_at DateTime64(3, 'UTC'),
  source_feed LowCardinality(String),
  source_document String,
  source_position UInt32,
  source_decoder LowCardinality(String),
  source_mapping Nullable(String),
  shipment_id String,
  what LowCardinality(String),
  by LowCardinality(String),
  field Nullable(String),
  before Nullable(String),
  after Nullable(String),
  reason LowCardinality(String),
  amount_minor Nullable(Int64) COMMENT 'Minor units, such as cents.',
  currency LowCardinality(Nullable(String))
) ENGINE = MergeTree
ORDER BY (shipment_id, at)
SETTINGS non_replicated_deduplication_window = 10000
COMMENT 'What people changed in the TMS.'`,
    `CREATE TABLE IF NOT EXISTS outcome_reports (
  id String,
  at DateTime64(3, 'UTC'),
  heard_at DateTime64(3, 'UTC'),
  source_feed LowCardinality(String),
  source_document String,
  source_position UInt32,
  source_decoder LowCardinality(String),
  source_mapping Nullable(String),
  shipment_id String,
  exception_id Nullable(String),
  action_id Nullable(String),
  what LowCardinality(String),
  by LowCardinality(String),
  reason LowCardinality(String),
  amount_minor Nullable(Int64) COMMENT 'Minor units, such as cents.',
  currency LowCardinality(Nullable(String))
) ENGINE = MergeTree
ORDER BY (shipment_id, at)
SETTINGS non_replicated_deduplication_window = 10000
COMMENT 'How things ended, as other systems know it.'`,
    `CREATE TABLE IF NOT EXISTS identity_findings (
  id String,
  at DateTime64(3, 'UTC'),
  heard_at DateTime64(3, 'UTC'),
  what LowCardinality(String),
  event_id String,
  feed LowCardinality(String),
  carrier LowCardinality(Nullable(String)),
  status LowCardinality(String),
  category LowCardinality(Nullable(String)),
  names Array(String),
  shipment_ids Array(String)
) ENGINE = MergeTree
ORDER BY (event_id, heard_at)
SETTINGS non_replicated_deduplication_window = 10000
COMMENT 'Events that no plan claimed at once, and what became of them; events whose names disagree.'`,
    `CREATE TABLE IF NOT EXISTS edi_findings (
  id String,
  at DateTime64(3, 'UTC'),
  heard_at DateTime64(3, 'UTC'),
  source_feed LowCardinality(String),
  source_document String,
  source_position UInt32,
  source_decoder LowCardinality(String),
  source_mapping Nullable(String),
  standard LowCardinality(String),
  kind LowCardinality(String),
  sender LowCardinality(Nullable(String)),
  receiver LowCardinality(Nullable(String)),
  segment LowCardinality(Nullable(String)),
  control String,
  said Nullable(String),
  found Nullable(String),
  byte_offset UInt32,
  times UInt32
) ENGINE = MergeTree
ORDER BY (source_feed, heard_at)
SETTINGS non_replicated_deduplication_window = 10000
COMMENT 'What is odd about the envelopes of EDI documents and cost no message.'`,
  ],
};
