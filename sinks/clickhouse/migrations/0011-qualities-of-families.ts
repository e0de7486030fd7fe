import type { Migration } from '../migration.ts';

/** Arrivals, causes and categories are watched too, each by an error of its own. */
export const qualitiesOfFamilies: Migration = {
  id: 11,
  name: 'qualities-of-families',
  statements: [
    `ALTER TABLE model_qualities
  ADD COLUMN IF NOT EXISTS measure LowCardinality(String),
  ADD COLUMN IF NOT EXISTS error Nullable(Float64),
  ADD COLUMN IF NOT EXISTS calibration Nullable(Float64),
  ADD COLUMN IF NOT EXISTS coverage Nullable(Float64)`,
  ],
};
