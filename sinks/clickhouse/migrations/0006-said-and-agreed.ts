import type { Migration } from '../migration.ts';

/** What a contract may override since calendars came, and the window agreed with the receiver. */
export const saidAndAgreed: Migration = {
  id: 6,
  name: 'said-and-agreed',
  statements: [
    `ALTER TABLE contracts
  ADD COLUMN IF NOT EXISTS terms_promise_basis LowCardinality(Nullable(String)),
  ADD COLUMN IF NOT EXISTS terms_told Array(LowCardinality(String)),
  ADD COLUMN IF NOT EXISTS terms_quiet_hours_from Nullable(String),
  ADD COLUMN IF NOT EXISTS terms_quiet_hours_to Nullable(String),
  ADD COLUMN IF NOT EXISTS terms_quiet_hours_zone Nullable(String),
  ADD COLUMN IF NOT EXISTS terms_quiet_hours_utc_offset_min Nullable(Int64),
  ADD COLUMN IF NOT EXISTS terms_quiet_hours_days Array(LowCardinality(String)),
  ADD COLUMN IF NOT EXISTS terms_quiet_hours_except_from_band LowCardinality(Nullable(String)),
  ADD COLUMN IF NOT EXISTS terms_penalty_minor Nullable(Int64),
  ADD COLUMN IF NOT EXISTS terms_calendar LowCardinality(Nullable(String))`,
    `ALTER TABLE shipment_plans
  ADD COLUMN IF NOT EXISTS appointment_from Nullable(DateTime64(3, 'UTC')),
  ADD COLUMN IF NOT EXISTS appointment_to Nullable(DateTime64(3, 'UTC'))`,
  ],
};
