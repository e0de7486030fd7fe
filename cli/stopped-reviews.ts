import { resolve } from 'node:path';
import type { Config } from '../runtime/config/config.ts';
import { loadRules } from '../runtime/rules/load-rules.ts';
import { estimatedEffects } from '../runtime/wire/make-review.ts';
import { type Reviews, reviewsIn } from '../runtime/wire/reviews.ts';
import { destinationsOf } from '../runtime/wire/simulation.ts';
import { openStoppedLine } from '../runtime/wire/stopped-line.ts';
import { startEmbeddedClickHouse } from '../sinks/clickhouse/embedded/embedded-clickhouse.ts';
import { prepareClickHouse } from '../sinks/clickhouse/migrations.ts';

/** What is asked of the reviews of a data folder on which no process runs: with its log, its tables, and its lock. */
export const withStoppedReviews = async <T>(
  config: Config,
  work: (reviews: Reviews, closedUntil: number) => Promise<T>,
): Promise<T> => {
  const { data, log, close } = await openStoppedLine(config.dataFolder);
  const { url, database, username, password } = config.clickhouse;
  const embedded =
    url === undefined ? await startEmbeddedClickHouse({ folder: data.in('clickhouse') }) : undefined;
  try {
    const client = await prepareClickHouse({
      url: embedded?.url ?? url!,
      database,
      ...(username === undefined ? {} : { username }),
      ...(password === undefined ? {} : { password }),
    });
    const rulesFolder = resolve(config.rules);
    const reviews = reviewsIn({
      settings: config.review,
      folder: data.in('reviews'),
      rulesFolder,
      destinations: destinationsOf(config),
      rules: () => loadRules(rulesFolder),
      client,
      log,
      effects: estimatedEffects,
      note: (line) => console.error(line),
    });
    try {
      return await work(reviews, log.closedUntil);
    } finally {
      await client.close();
    }
  } finally {
    await embedded?.stop();
    await close();
  }
};
