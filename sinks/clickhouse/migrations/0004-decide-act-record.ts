import type { Migration } from '../migration.ts';

/**
 * What deciding, acting and recording need: impact, causes, approvals, propensities and money beside what there was,
 * and tables for orders, people and their decisions, dispatches, causes and audits. Rows of before have the defaults.
 */
export const decideActRecord: Migration = {
  id: 4,
  name: 'decide-act-record',
  statements: [
    'ALTER TABLE tracking_events ADD COLUMN IF NOT EXISTS text Nullable(String)',
    `ALTER TABLE exceptions
  ADD COLUMN IF NOT EXISTS cause_id Nullable(String),
  ADD COLUMN IF NOT EXISTS impact_orders UInt32,
  ADD COLUMN IF NOT EXISTS impact_lines UInt32,
  ADD COLUMN IF NOT EXISTS impact_lines_late UInt32,
  ADD COLUMN IF NOT EXISTS impact_value_late_minor Int64 COMMENT 'Minor units, such as cents.',
  ADD COLUMN IF NOT EXISTS impact_currency LowCardinality(Nullable(String)),
  ADD COLUMN IF NOT EXISTS impact_customers Array(String),
  ADD COLUMN IF NOT EXISTS impact_first_due_at Nullable(DateTime64(3, 'UTC')),
  ADD COLUMN IF NOT EXISTS impact_worst_late_min Nullable(Float64),
  ADD COLUMN IF NOT EXISTS affected_lines String DEFAULT '[]',
  ADD COLUMN IF NOT EXISTS changed_by LowCardinality(String) DEFAULT 'signal',
  ADD COLUMN IF NOT EXISTS changed_ref Nullable(String),
  ADD COLUMN IF NOT EXISTS assignee Nullable(String),
  ADD COLUMN IF NOT EXISTS snoozed_until Nullable(DateTime64(3, 'UTC')),
  ADD COLUMN IF NOT EXISTS reopened_at Nullable(DateTime64(3, 'UTC'))`,
    `ALTER TABLE exception_history
  ADD COLUMN IF NOT EXISTS cause_id Nullable(String),
  ADD COLUMN IF NOT EXISTS impact_orders UInt32,
  ADD COLUMN IF NOT EXISTS impact_lines UInt32,
  ADD COLUMN IF NOT EXISTS impact_lines_late UInt32,
  ADD COLUMN IF NOT EXISTS impact_value_late_minor Int64 COMMENT 'Minor units, such as cents.',
  ADD COLUMN IF NOT EXISTS impact_currency LowCardinality(Nullable(String)),
  ADD COLUMN IF NOT EXISTS impact_customers Array(String),
  ADD COLUMN IF NOT EXISTS impact_first_due_at Nullable(DateTime64(3, 'UTC')),
  ADD COLUMN IF NOT EXISTS impact_worst_late_min Nullable(Float64),
  ADD COLUMN IF NOT EXISTS affected_lines String DEFAULT '[]',
  ADD COLUMN IF NOT EXISTS changed_by LowCardinality(String) DEFAULT 'signal',
  ADD COLUMN IF NOT EXISTS changed_ref Nullable(String),
  ADD COLUMN IF NOT EXISTS assignee Nullable(String),
  ADD COLUMN IF NOT EXISTS snoozed_until Nullable(DateTime64(3, 'UTC')),
  ADD COLUMN IF NOT EXISTS reopened_at Nullable(DateTime64(3, 'UTC'))`,
    `ALTER TABLE actions
  ADD COLUMN IF NOT EXISTS approvals_needed UInt8,
  ADD COLUMN IF NOT EXISTS approvals String DEFAULT '[]',
  ADD COLUMN IF NOT EXISTS cost_currency LowCardinality(String) DEFAULT 'USD',
  ADD COLUMN IF NOT EXISTS cause_id Nullable(String),
  ADD COLUMN IF NOT EXISTS news Nullable(String),
  ADD COLUMN IF NOT EXISTS mandatory Bool,
  ADD COLUMN IF NOT EXISTS propensity Nullable(Float64),
  ADD COLUMN IF NOT EXISTS compensates Nullable(String)`,
    `ALTER TABLE action_history
  ADD COLUMN IF NOT EXISTS approvals_needed UInt8,
  ADD COLUMN IF NOT EXISTS approvals String DEFAULT '[]',
  ADD COLUMN IF NOT EXISTS cost_currency LowCardinality(String) DEFAULT 'USD',
  ADD COLUMN IF NOT EXISTS cause_id Nullable(String),
  ADD COLUMN IF NOT EXISTS news Nullable(String),
  ADD COLUMN IF NOT EXISTS mandatory Bool,
  ADD COLUMN IF NOT EXISTS propensity Nullable(Float64),
  ADD COLUMN IF NOT EXISTS compensates Nullable(String)`,
    `ALTER TABLE outcomes
  ADD COLUMN IF NOT EXISTS latest_promised_at DateTime64(3, 'UTC') DEFAULT promised_at,
  ADD COLUMN IF NOT EXISTS contract_version Nullable(UInt32),
  ADD COLUMN IF NOT EXISTS inquiries UInt32,
  ADD COLUMN IF NOT EXISTS first_inquiry_at Nullable(DateTime64(3, 'UTC')),
  ADD COLUMN IF NOT EXISTS value_minor Int64 COMMENT 'Minor units, such as cents.',
  ADD COLUMN IF NOT EXISTS cost_minor Int64 COMMENT 'Minor units, such as cents.',
  ADD COLUMN IF NOT EXISTS penalty_minor Int64 COMMENT 'Minor units, such as cents.',
  ADD COLUMN IF NOT EXISTS penalty_currency LowCardinality(String) DEFAULT 'USD',
  ADD COLUMN IF NOT EXISTS currency LowCardinality(String) DEFAULT 'USD',
  ADD COLUMN IF NOT EXISTS actions_taken String DEFAULT '[]'`,
    `CREATE TABLE IF NOT EXISTS orders (
  id String,
  at DateTime64(3, 'UTC'),
  heard_at DateTime64(3, 'UTC'),
  source_feed LowCardinality(String),
  source_document String,
  source_position UInt32,
  source_decoder LowCardinality(String),
  source_mapping Nullable(String),
  order_id String,
  customer_id String,
  currency LowCardinality(String),
  lines String,
  cancelled Bool
) ENGINE = MergeTree
ORDER BY (order_id, heard_at)
SETTINGS non_replicated_deduplication_window = 10000
COMMENT 'What customers ordered; a later one of the same order replaces an earlier one.'`,
    `CREATE TABLE IF NOT EXISTS allocations (
  id String,
  at DateTime64(3, 'UTC'),
  heard_at DateTime64(3, 'UTC'),
  source_feed LowCardinality(String),
  source_document String,
  source_position UInt32,
  source_decoder LowCardinality(String),
  source_mapping Nullable(String),
  order_id String,
  shipment_id String,
  lines String
) ENGINE = MergeTree
ORDER BY (shipment_id, order_id, heard_at)
SETTINGS non_replicated_deduplication_window = 10000
COMMENT 'Which order lines ride on which shipment.'`,
    `CREATE TABLE IF NOT EXISTS shipment_orders (
  id String,
  at DateTime64(3, 'UTC'),
  heard_at DateTime64(3, 'UTC'),
  shipment_id String,
  order_id String,
  customer_id String,
  currency LowCardinality(String),
  lines String
) ENGINE = MergeTree
ORDER BY (shipment_id, order_id, heard_at)
SETTINGS non_replicated_deduplication_window = 10000
COMMENT 'Orders and allocations joined: what of an order rides on a shipment; the latest row counts.'`,
    `CREATE TABLE IF NOT EXISTS directories (
  id String,
  at DateTime64(3, 'UTC'),
  heard_at DateTime64(3, 'UTC'),
  source_feed LowCardinality(String),
  source_document String,
  source_position UInt32,
  source_decoder LowCardinality(String),
  source_mapping Nullable(String),
  customer_id String,
  contacts String
) ENGINE = MergeTree
ORDER BY (customer_id, heard_at)
SETTINGS non_replicated_deduplication_window = 10000
COMMENT 'Whom to tell for a customer; the latest row of a customer counts.'`,
    `CREATE TABLE IF NOT EXISTS inquiries (
  id String,
  at DateTime64(3, 'UTC'),
  heard_at DateTime64(3, 'UTC'),
  source_feed LowCardinality(String),
  source_document String,
  source_position UInt32,
  source_decoder LowCardinality(String),
  source_mapping Nullable(String),
  customer_id String,
  shipment_id String,
  channel LowCardinality(String),
  about LowCardinality(String),
  in_reply_to Nullable(String),
  reference Nullable(String)
) ENGINE = MergeTree
ORDER BY (shipment_id, at)
SETTINGS non_replicated_deduplication_window = 10000
COMMENT 'When customers asked or answered.'`,
    `CREATE TABLE IF NOT EXISTS decisions (
  id String,
  at DateTime64(3, 'UTC'),
  heard_at DateTime64(3, 'UTC'),
  source_feed LowCardinality(String),
  source_document String,
  source_position UInt32,
  source_decoder LowCardinality(String),
  source_mapping Nullable(String),
  shipment_id String,
  exception_id String,
  action_id Nullable(String),
  verdict LowCardinality(String),
  by LowCardinality(String),
  roles Array(String),
  until Nullable(DateTime64(3, 'UTC')),
  assignee Nullable(String),
  cause_id Nullable(String),
  reason LowCardinality(String),
  note String
) ENGINE = MergeTree
ORDER BY (exception_id, heard_at, id)
SETTINGS non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1
COMMENT 'What people decided about exceptions and actions.'`,
    `CREATE TABLE IF NOT EXISTS dispatches (
  id String,
  version UInt32,
  at DateTime64(3, 'UTC'),
  heard_at DateTime64(3, 'UTC'),
  exception_id String,
  shipment_id String,
  customer_id Nullable(String),
  type LowCardinality(String),
  playbook LowCardinality(String),
  step LowCardinality(String),
  destination Nullable(String),
  template LowCardinality(String),
  authority LowCardinality(String),
  state LowCardinality(String),
  role Nullable(String),
  approval_due_at Nullable(DateTime64(3, 'UTC')),
  approvals_needed UInt8,
  approvals String,
  expires_at Nullable(DateTime64(3, 'UTC')),
  cost_minor Int64 COMMENT 'Minor units, such as cents.',
  cost_currency LowCardinality(String),
  cause_id Nullable(String),
  news Nullable(String),
  mandatory Bool,
  propensity Nullable(Float64),
  compensates Nullable(String),
  decided_by Nullable(String),
  decided_reason Nullable(String),
  due_at Nullable(DateTime64(3, 'UTC')),
  sent_at Nullable(DateTime64(3, 'UTC')),
  facts String,
  recipients String,
  thread String,
  covers String,
  held_until Nullable(DateTime64(3, 'UTC')),
  held_because LowCardinality(Nullable(String)),
  suppressed_because LowCardinality(Nullable(String))
) ENGINE = ReplacingMergeTree(version)
ORDER BY (id)
SETTINGS non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1
COMMENT 'Actions on their way out as they stand now: whom they go to, held until when, suppressed why.'`,
    `CREATE TABLE IF NOT EXISTS dispatch_history (
  id String,
  version UInt32,
  at DateTime64(3, 'UTC'),
  heard_at DateTime64(3, 'UTC'),
  exception_id String,
  shipment_id String,
  customer_id Nullable(String),
  type LowCardinality(String),
  playbook LowCardinality(String),
  step LowCardinality(String),
  destination Nullable(String),
  template LowCardinality(String),
  authority LowCardinality(String),
  state LowCardinality(String),
  role Nullable(String),
  approval_due_at Nullable(DateTime64(3, 'UTC')),
  approvals_needed UInt8,
  approvals String,
  expires_at Nullable(DateTime64(3, 'UTC')),
  cost_minor Int64 COMMENT 'Minor units, such as cents.',
  cost_currency LowCardinality(String),
  cause_id Nullable(String),
  news Nullable(String),
  mandatory Bool,
  propensity Nullable(Float64),
  compensates Nullable(String),
  decided_by Nullable(String),
  decided_reason Nullable(String),
  due_at Nullable(DateTime64(3, 'UTC')),
  sent_at Nullable(DateTime64(3, 'UTC')),
  facts String,
  recipients String,
  thread String,
  covers String,
  held_until Nullable(DateTime64(3, 'UTC')),
  held_because LowCardinality(Nullable(String)),
  suppressed_because LowCardinality(Nullable(String))
) ENGINE = MergeTree
ORDER BY (id, version, heard_at)
SETTINGS non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1
COMMENT 'Every version of every action on its way out.'`,
    `CREATE TABLE IF NOT EXISTS action_results (
  id String,
  at DateTime64(3, 'UTC'),
  heard_at DateTime64(3, 'UTC'),
  action_id String,
  shipment_id String,
  exception_id String,
  result LowCardinality(String),
  attempts UInt32,
  http_status Nullable(UInt16),
  error Nullable(String)
) ENGINE = MergeTree
ORDER BY (action_id, heard_at, id)
SETTINGS non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1
COMMENT 'What the dispatcher found out about each action.'`,
    `CREATE TABLE IF NOT EXISTS causes (
  id String,
  version UInt32,
  at DateTime64(3, 'UTC'),
  heard_at DateTime64(3, 'UTC'),
  kind LowCardinality(String),
  state LowCardinality(String),
  category String,
  open UInt32,
  raised UInt32,
  shipments UInt32,
  customers UInt32,
  lines_late UInt32,
  value_by_currency String,
  worst_severity Float64,
  first_raised_at DateTime64(3, 'UTC')
) ENGINE = ReplacingMergeTree(version)
ORDER BY (id)
SETTINGS non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1
COMMENT 'What stands behind many exceptions, as it stands now.'`,
    `CREATE TABLE IF NOT EXISTS cause_history (
  id String,
  version UInt32,
  at DateTime64(3, 'UTC'),
  heard_at DateTime64(3, 'UTC'),
  kind LowCardinality(String),
  state LowCardinality(String),
  category String,
  open UInt32,
  raised UInt32,
  shipments UInt32,
  customers UInt32,
  lines_late UInt32,
  value_by_currency String,
  worst_severity Float64,
  first_raised_at DateTime64(3, 'UTC')
) ENGINE = MergeTree
ORDER BY (id, version)
SETTINGS non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1
COMMENT 'Every version of every cause.'`,
    `CREATE TABLE IF NOT EXISTS audits (
  id String,
  at DateTime64(3, 'UTC'),
  heard_at DateTime64(3, 'UTC'),
  kind LowCardinality(String),
  by LowCardinality(String),
  subject String,
  before Nullable(String),
  after Nullable(String),
  reason String
) ENGINE = MergeTree
ORDER BY (heard_at, id)
SETTINGS non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1
COMMENT 'Who changed what decides, and why.'`,
  ],
};
