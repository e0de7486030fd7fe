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

const riskOf = 'risk-';

/** Families that are served beside the model whose risk is judged: `eta`, `cause`, and a risk for each category. */
export const isServedBeside = (model: string): boolean =>
  model === 'eta' || model === 'cause' || model.startsWith(riskOf);

/** Category of `risk-damage`; null for another family. */
export const categoryOf = (model: string): string | null =>
  model.startsWith(riskOf) ? model.slice(riskOf.length) : null;

/**
 * The versions by which a row is scored, the judged one first: `late-delivery@12a5…`, `eta@77c0…`. Undefined where the
 * judged model has no champion, or nobody has said what is in force, as in recorded time: then it is what was loaded.
 */
export const versionsInForce = (
  now: ModelsInForce | undefined,
  judged: string,
): readonly string[] | undefined => {
  const champion = now?.models[judged]?.champion ?? null;
  if (now === undefined || champion === null) return undefined;
  const beside = Object.entries(now.models).flatMap(([model, of]) =>
    isServedBeside(model) && of.champion !== null ? [`${model}@${of.champion}`] : [],
  );
  return [`${judged}@${champion}`, ...beside];
};
