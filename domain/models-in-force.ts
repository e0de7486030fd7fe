import { z } from 'zod';
import { instant } from './schema.ts';

const alias = z.string().min(1).nullable();

/** Which versions answer, and which score beside them, from this log time on: by model. */
export const modelsInForce = z.object({
  at: instant,
  heardAt: instant,
  models: z.record(z.string(), z.object({ champion: alias, challenger: alias, shadow: alias })),
});
export type ModelsInForce = z.infer<typeof modelsInForce>;
