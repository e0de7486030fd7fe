import type { Migration } from '../migration.ts';

/** What models rest on and what becomes of what they say. Rows of before have the defaults. */
export const models: Migration = {
  id: 9,
  name: 'models',
  statements: [
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
