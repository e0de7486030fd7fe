import { MOST_WEIGHT } from '../../domain/untreated.ts';

const instant = (name: string): string => `fromUnixTimestamp64Milli({${name}:Int64}, 'UTC')`;

/**
 * The labels of predictions made in `[from; to)` as they were known at `asOf`: of each the latest version of then. What was
 * taken back by then has none. `weight` is that of `untreatedWeight`.
 */
export const labelsAsOf = (asOf: string): string => `
  SELECT *, if(treated, 0, least(${MOST_WEIGHT}, 1 / (1 - least(ifNull(propensity, 0), 1)))) AS weight
  FROM (
    SELECT * FROM labelled
    WHERE heard_at <= ${asOf} AND predicted_at >= ${instant('from')} AND predicted_at < ${instant('to')}
    ORDER BY version DESC LIMIT 1 BY id
  )
  WHERE label IS NOT NULL`;

export const latest = labelsAsOf("toDateTime64('2299-01-01', 3, 'UTC')");
export const atAsOf = labelsAsOf(instant('asOf'));
