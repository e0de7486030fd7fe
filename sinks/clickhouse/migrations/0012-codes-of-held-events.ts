import type { Migration } from '../migration.ts';

/** The codes of events that wait for a plan, so that those without a meaning are seen before one comes. */
export const codesOfHeldEvents: Migration = {
  id: 12,
  name: 'codes-of-held-events',
  statements: [
    `ALTER TABLE identity_findings
  ADD COLUMN IF NOT EXISTS code_standard LowCardinality(Nullable(String)),
  ADD COLUMN IF NOT EXISTS code_status Nullable(String),
  ADD COLUMN IF NOT EXISTS code_reason Nullable(String),
  ADD COLUMN IF NOT EXISTS cause LowCardinality(String) DEFAULT 'none'`,
  ],
};
