import { z } from 'zod';
import { cause, effect, party } from './codes.ts';
import { contribution } from './explanation.ts';
import { etaQuantiles } from './prediction.ts';
import { id, instant, probability, word } from './schema.ts';

/** What speaks for a signal: ids only, each of which can be looked up. */
export const evidence = z.object({
  events: z.array(z.string()).default([]),
  alerts: z.array(z.string()).default([]),
  ports: z.array(z.string()).default([]),
  predictions: z.array(z.string()).default([]),
});
export type Evidence = z.infer<typeof evidence>;

/**
 * What a detector saw: one category of the taxonomy on one leg of one shipment. `watch` and `predict` raise
 * and clear signals; `resolve` alone turns them into exceptions. `topic` keeps apart what may be open at the
 * same time under one category, such as two storms; the same topic raised again is new evidence.
 */
export const signal = z.object({
  id,
  at: instant,
  heardAt: instant,
  shipmentId: id,
  leg: z.int().min(0).nullable(),
  category: word,
  topic: z.string(),
  kind: z.enum(['predicted', 'detected']),
  /** `cleared`: it is over or will not come; `withdrawn`: it was never so. */
  state: z.enum(['raised', 'cleared', 'withdrawn']),
  cause,
  effect,
  party,
  evidence,
  probability: probability.nullable(),
  /** When delivery is now expected, where the detector can say. */
  expectedAt: instant.nullable(),
  modelVersion: z.string().nullable(),
  /** All models that spoke for a predicted one. */
  modelVersions: z.array(z.string()).default([]),
  /** When it will be delivered, by a model; null where none says it. */
  eta: etaQuantiles.nullable().default(null),
  /** What moved the probability most, by the model; and why that is not known, where it is not. */
  contributions: z.array(contribution).default([]),
  unexplained: z.string().nullable().default(null),
});
export type Signal = z.infer<typeof signal>;
