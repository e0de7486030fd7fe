import { categoryOf } from '../../domain/models-in-force.ts';

/** Versions of one family answer the same question and learn from the same rows: see docs/models-serving.md. */
export type Family =
  | { readonly kind: 'late' }
  | { readonly kind: 'eta' }
  | { readonly kind: 'cause' }
  | { readonly kind: 'category'; readonly category: string };

/** By the name of the model: `eta`, `cause`, `risk-customs_hold`; any other says whether a shipment will be late. */
export const familyOf = (model: string): Family => {
  if (model === 'eta' || model === 'cause') return { kind: model };
  const category = categoryOf(model);
  return category === null ? { kind: 'late' } : { kind: 'category', category };
};
