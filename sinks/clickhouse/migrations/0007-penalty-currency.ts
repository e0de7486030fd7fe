import type { Migration } from '../migration.ts';

/** A contract says in which currency its penalty is. */
export const penaltyCurrency: Migration = {
  id: 7,
  name: 'penalty-currency',
  statements: [
    `ALTER TABLE contracts
  ADD COLUMN IF NOT EXISTS terms_penalty_currency LowCardinality(Nullable(String))`,
  ],
};
