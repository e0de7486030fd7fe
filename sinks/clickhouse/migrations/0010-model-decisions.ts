import type { Migration } from '../migration.ts';

/** What was decided about versions of models, with the numbers, and what was to be trained anew. */
export const modelDecisions: Migration = {
  id: 10,
  name: 'model-decisions',
  statements: [
    `CREATE TABLE IF NOT EXISTS model_decisions (
  id String,
  at DateTime64(3, 'UTC'),
  heard_at DateTime64(3, 'UTC'),
  model LowCardinality(String),
  version LowCardinality(String),
  kind LowCardinality(String),
  by LowCardinality(String),
  reason String,
  before Nullable(String),
  numbers String
) ENGINE = MergeTree
ORDER BY (model, heard_at, id)
SETTINGS non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1
COMMENT 'Which version of a model was published, tried, promoted, rejected or taken back, and why.'`,
    `CREATE TABLE IF NOT EXISTS drift_findings (
  id String,
  at DateTime64(3, 'UTC'),
  heard_at DateTime64(3, 'UTC'),
  model LowCardinality(String),
  kind LowCardinality(String),
  subject String,
  grade LowCardinality(String),
  since DateTime64(3, 'UTC'),
  text String,
  numbers String
) ENGINE = MergeTree
ORDER BY (heard_at, id)
SETTINGS non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1
COMMENT 'What has moved: errors of models, their inputs, carriers.'`,
    `CREATE TABLE IF NOT EXISTS model_qualities (
  id String,
  at DateTime64(3, 'UTC'),
  heard_at DateTime64(3, 'UTC'),
  model LowCardinality(String),
  model_version LowCardinality(String),
  predictions UInt32,
  rows UInt32,
  rate Nullable(Float64),
  auc Nullable(Float64),
  brier Nullable(Float64),
  log_loss Nullable(Float64),
  estimated_auc Nullable(Float64),
  estimated_brier Nullable(Float64)
) ENGINE = MergeTree
ORDER BY (model, at, model_version)
SETTINGS non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1
COMMENT 'How well a version did by day, realised and as its own probabilities expect it.'`,
    `CREATE TABLE IF NOT EXISTS retrainings (
  id String,
  version UInt32,
  at DateTime64(3, 'UTC'),
  heard_at DateTime64(3, 'UTC'),
  model LowCardinality(String),
  state LowCardinality(String),
  by LowCardinality(String),
  reason String,
  findings Array(String),
  changed_at Nullable(DateTime64(3, 'UTC')),
  model_version Nullable(String)
) ENGINE = ReplacingMergeTree(version)
ORDER BY (id)
SETTINGS non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1
COMMENT 'What was to be trained anew, and what became of it.'`,
  ],
};
