import { z } from 'zod';

const whole = (least: number, most: number) => z.int().min(least).max(most);

/** How often, how fast and how patiently a destination is sent to; the same for every kind. */
export const deliverySettings = {
  maxAttempts: whole(1, 100).default(8).meta({ description: 'Then the action has failed.' }),
  ratePerSec: z
    .number()
    .positive()
    .default(50)
    .meta({ description: 'Messages a second at most; twice as many at once after a pause.' }),
  concurrency: whole(1, 256).default(8).meta({ description: 'Messages under way at once.' }),
  timeoutMs: whole(100, 120_000)
    .default(10_000)
    .meta({ description: 'Without an answer by then the attempt counts as lost and is repeated.' }),
};
