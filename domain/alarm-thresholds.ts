import { z } from 'zod';
import { probability, word } from './schema.ts';

/** Alarm thresholds that stand for the models' own: `rules/thresholds.yaml`. */
export const alarmThresholds = z.strictObject({
  version: z.int().min(1),
  alarms: z.record(word, probability).meta({
    description:
      'Model with its version, such as late-delivery@12a5f0a74bf9 → the risk from which it alarms.',
  }),
});
export type AlarmThresholds = z.infer<typeof alarmThresholds>;

/**
 * The threshold in force for a model's version. Another version has its own scale, so what was found for one says nothing
 * of the next: that one begins with the threshold that its training chose.
 */
export const alarmThreshold = (
  alarms: AlarmThresholds['alarms'] | undefined,
  modelVersion: string,
  own: number,
): number => (alarms !== undefined && Object.hasOwn(alarms, modelVersion) ? alarms[modelVersion]! : own);
