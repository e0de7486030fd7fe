import type { Migration } from '../migration.ts';

/** What models rest on and what becomes of what they say. Rows of before have the defaults. */
export const models: Migration = {
  id: 9,
  name: 'models',
  statements: [
    `ALTER TABLE predictions
  ADD COLUMN IF NOT EXISTS feature_set LowCardinality(String)`,
    `CREATE TABLE IF NOT EXISTS carrier_rates (
  id String,
  at DateTime64(3, 'UTC'),
  heard_at DateTime64(3, 'UTC'),
  key String,
  carrier LowCardinality(String),
  lane LowCardinality(String),
  service LowCardinality(String),
  window_from DateTime64(3, 'UTC'),
  shipments UInt32,
  in_time UInt32,
  share Nullable(Float64)
) ENGINE = MergeTree
ORDER BY (carrier, lane, service, heard_at)
SETTINGS non_replicated_deduplication_window = 10000
COMMENT 'How often shipments came in time, by carrier, lane and service, as it was known at each time.'`,
    `CREATE TABLE IF NOT EXISTS labelled (
  id String,
  version UInt32,
  at DateTime64(3, 'UTC'),
  heard_at DateTime64(3, 'UTC'),
  shipment_id String,
  customer_id String,
  tier LowCardinality(String),
  carrier LowCardinality(String),
  lane LowCardinality(String),
  service LowCardinality(String),
  stage LowCardinality(String),
  predicted_at DateTime64(3, 'UTC'),
  known_at DateTime64(3, 'UTC'),
  model_version LowCardinality(String),
  answered LowCardinality(String),
  probability Float64,
  threshold Float64,
  shadow String,
  promised_at DateTime64(3, 'UTC'),
  delivered_at Nullable(DateTime64(3, 'UTC')),
  label Nullable(UInt8),
  minutes_late Nullable(Float64),
  cause LowCardinality(String),
  happened Array(LowCardinality(String)),
  treatments String,
  treated Bool,
  hold_out Bool,
  propensity Nullable(Float64)
) ENGINE = MergeTree
ORDER BY (predicted_at, id, version)
SETTINGS non_replicated_deduplication_window = 10000
COMMENT 'Predictions with what came of them, and what was done meanwhile; the highest version counts.'`,
    `ALTER TABLE predictions
  ADD COLUMN IF NOT EXISTS model_versions Array(LowCardinality(String)),
  ADD COLUMN IF NOT EXISTS eta_p10 Nullable(DateTime64(3, 'UTC')),
  ADD COLUMN IF NOT EXISTS eta_p50 Nullable(DateTime64(3, 'UTC')),
  ADD COLUMN IF NOT EXISTS eta_p90 Nullable(DateTime64(3, 'UTC')),
  ADD COLUMN IF NOT EXISTS cause_code LowCardinality(Nullable(String)),
  ADD COLUMN IF NOT EXISTS cause_probability Nullable(Float64),
  ADD COLUMN IF NOT EXISTS risks String DEFAULT '{}',
  ADD COLUMN IF NOT EXISTS contributions String DEFAULT '[]',
  ADD COLUMN IF NOT EXISTS unexplained Nullable(String),
  ADD COLUMN IF NOT EXISTS shadow String DEFAULT '[]'`,
    ...['signals', 'exceptions', 'exception_history'].map(
      (table) => `ALTER TABLE ${table}
  ADD COLUMN IF NOT EXISTS model_versions Array(String),
  ADD COLUMN IF NOT EXISTS eta_p10 Nullable(DateTime64(3, 'UTC')),
  ADD COLUMN IF NOT EXISTS eta_p50 Nullable(DateTime64(3, 'UTC')),
  ADD COLUMN IF NOT EXISTS eta_p90 Nullable(DateTime64(3, 'UTC')),
  ADD COLUMN IF NOT EXISTS contributions String DEFAULT '[]',
  ADD COLUMN IF NOT EXISTS unexplained Nullable(String)`,
    ),
  ],
};
