import type { Migration } from '../migration.ts';

/** Where the record lies that a dead letter is about, so that it can be played again. */
export const letterOrigins: Migration = {
  id: 3,
  name: 'letter-origins',
  statements: [
    `ALTER TABLE dead_letters
  ADD COLUMN IF NOT EXISTS origin_topic LowCardinality(Nullable(String)),
  ADD COLUMN IF NOT EXISTS origin_partition Nullable(UInt32),
  ADD COLUMN IF NOT EXISTS origin_offset Nullable(Int64),
  ADD COLUMN IF NOT EXISTS origin_key Nullable(String),
  ADD COLUMN IF NOT EXISTS origin_content_type LowCardinality(Nullable(String))`,
  ],
};
