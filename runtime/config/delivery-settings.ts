import { z } from 'zod';

const whole = (least: number, most: number) => z.int().min(least).max(most);

/** What every kind of destination has: how fast, how often, how patiently, and whether it sends at all. */
export const deliverySettings = {
  maxAttempts: whole(1, 100).default(8).meta({ description: 'Then the action has failed.' }),
  ratePerSec: z
    .number()
    .positive()
    .default(50)
    .meta({ description: 'Messages a second at most; twice as many at once after a pause.' }),
  concurrency: whole(1, 256).default(8).meta({ description: 'Messages under way at once.' }),
  timeoutMs: whole(100, 120_000).default(10_000).meta({
    description:
      'Without an answer by then the attempt counts as lost. It is repeated where the receiver recognises a repetition, and otherwise the action is uncertain.',
  }),
  repeatWhenLost: z.boolean().optional().meta({
    description:
      'true: after a lost answer it is sent again although the receiver cannot recognise it, and may be told twice.',
  }),
  preview: z.boolean().optional().meta({
    description:
      'true: nothing is sent. What would be is written into the folder preview of the data folder, and counts as sent.',
  }),
};
