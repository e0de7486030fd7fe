import { resolve } from 'node:path';
import type { Config } from '../runtime/config/config.ts';
import { loadRules } from '../runtime/rules/load-rules.ts';
import { categoriesIn } from '../runtime/wire/categories.ts';
import { estimatedEffects } from '../runtime/wire/make-review.ts';
import { type Reviews, reviewsIn } from '../runtime/wire/reviews.ts';
import { destinationsOf } from '../runtime/wire/simulation.ts';
import { withStoppedTables } from './stopped-tables.ts';

/** What is asked of the reviews of a data folder on which no process runs. */
export const withStoppedReviews = <T>(
  config: Config,
  work: (reviews: Reviews, closedUntil: number) => Promise<T>,
): Promise<T> =>
  withStoppedTables(config, ({ data, log }, client) => {
    const rulesFolder = resolve(config.rules);
    const destinations = destinationsOf(config);
    const reviews = reviewsIn({
      settings: config.review,
      folder: data.in('reviews'),
      rulesFolder,
      destinations,
      rules: () => loadRules(rulesFolder),
      client,
      log,
      effects: estimatedEffects,
      categories: categoriesIn({ client, log, rulesFolder, destinations }),
      note: (line) => console.error(line),
    });
    return work(reviews, log.closedUntil);
  });
