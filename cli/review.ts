import { join, resolve } from 'node:path';
import { durationMs } from '../runtime/duration.ts';
import type { ReviewFacts } from '../runtime/wire/review-folder.ts';
import { configFrom, type ConfigOptions } from './config-options.ts';
import { runningProcess } from './running-process.ts';
import { withStoppedReviews } from './stopped-reviews.ts';

export interface ReviewCommandOptions extends ConfigOptions {
  readonly from?: number;
  readonly to?: number;
  readonly json?: boolean;
}

/** `forewarn review`: writes the review of a period, the last one that has passed where none is given. */
export const reviewCommand = async (options: ReviewCommandOptions): Promise<void> => {
  const config = configFrom(options);
  const everyMs = durationMs(config.review.every);
  const periodUntil = (heardUntil: number) => {
    const to = options.to ?? (options.from === undefined ? heardUntil : options.from + everyMs);
    return { from: options.from ?? to - everyMs, to: Math.min(to, options.to ?? heardUntil) };
  };
  const running = await runningProcess(config);
  const written =
    running === undefined
      ? await withStoppedReviews(config, (reviews, heardUntil) => reviews.write(periodUntil(heardUntil)))
      : await running.post<ReviewFacts>(
          '/v1/reviews',
          periodUntil((await running.get<{ readonly at: number }>('/v1/status')).at),
        );
  const folder = resolve(config.review.folder ?? join(config.dataFolder, 'reviews'), written.id);
  if (options.json === true) console.log(JSON.stringify({ ...written, folder }, null, 2));
  else console.log(`review written: ${join(folder, 'index.html')}`);
};
