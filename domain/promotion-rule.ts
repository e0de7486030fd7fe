import { z } from 'zod';
import { duration } from './duration.ts';

const share = z.number().min(0).max(1);

/** When a version replaces another by itself, and when it is taken back. Part of the configuration. */
export const promotionRule = z.strictObject({
  metric: z
    .enum(['auc', 'logLoss', 'brier'])
    .default('logLoss')
    .meta({ description: 'What must get better. Log-loss minds ranking and calibration both.' }),
  confidence: z
    .number()
    .min(0.5)
    .max(0.999)
    .default(0.95)
    .meta({ description: 'Of the interval of the gain, whose lower bound must pass minGain.' }),
  draws: z.int().min(100).max(10_000).default(1_000).meta({ description: 'Of the bootstrap.' }),
  minGain: z.number().default(0).meta({ description: 'Lower bound of the gain that promotes.' }),
  minShipments: z
    .int()
    .min(20)
    .default(400)
    .meta({ description: 'With a known label, scored by both; below it nothing is decided.' }),
  minOfEachLabel: z
    .int()
    .min(5)
    .default(40)
    .meta({ description: 'Late shipments, and punctual ones, among them.' }),
  maxCalibrationRise: share.default(0.02).meta({
    description:
      'Calibration error may be higher by so much and no more. What is surely higher is rejected, what may be so by chance waits.',
  }),
  segment: z
    .strictObject({
      minShipments: z
        .int()
        .min(20)
        .default(100)
        .meta({ description: 'Of a carrier that is looked at alone.' }),
      maxLoss: z.number().min(0).default(0.02).meta({
        description: 'No carrier may lose more than this, the upper bound of its gain says.',
      }),
    })
    .prefault({}),
  maxLatencyRatio: z.number().min(1).default(2).meta({
    description: 'Time that all models take to score a row, with it against with the version in force.',
  }),
  maxWait: duration
    .default('21d')
    .meta({ description: 'A challenger that is not decided on by then is rejected.' }),
  harm: z
    .strictObject({
      watchFor: duration
        .default('14d')
        .meta({ description: 'How long the version before goes on scoring in the shadow.' }),
      maxLoss: z.number().min(0).default(0).meta({
        description:
          'The version before is put back when the lower bound of its gain over the promoted one passes this.',
      }),
    })
    .prefault({}),
});
export type PromotionRule = z.infer<typeof promotionRule>;
