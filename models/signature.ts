import { z } from 'zod';

/** What a model file takes and gives, kept beside it: the order of its columns above all. */
export const signature = z.object({
  model: z.string().min(1),
  version: z.string().min(1),
  /** Columns in order, by the names of `featureNames`; all are float32, NaN where not known. */
  features: z.array(z.object({ name: z.string().min(1), type: z.literal('float32') })).min(1),
  input: z.string().min(1),
  /** [rows, 2] float32, of which column 1 is the probability of being late. */
  output: z.string().min(1),
  /** From this probability on it is an alarm. */
  threshold: z.number().min(0).max(1),
  /** SHA-256 of `model.onnx`, hex. */
  sha256: z.string().length(64),
});
export type Signature = z.infer<typeof signature>;
