import { z } from 'zod';
import { ForewarnError } from '../runtime/forewarn-error.ts';

/** What a model file takes and gives, kept beside it: the order of its columns above all. */
export const signature = z.object({
  model: z.string().min(1),
  version: z.string().min(1),
  /** Columns in order; all are float32, NaN where not known. */
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

/** Throws FW208 unless the model's columns are the code's features, in the same order. */
export const checkFeatures = (of: Signature, expected: readonly string[]): void => {
  const differs = Array.from({ length: Math.max(of.features.length, expected.length) }).findIndex(
    (_, index) => of.features[index]?.name !== expected[index],
  );
  if (differs < 0) return;
  const theirs = of.features[differs]?.name ?? 'nothing';
  const ours = expected[differs] ?? 'nothing';
  throw new ForewarnError(
    'FW208',
    `model "${of.model}" version ${of.version}: column ${differs} is ${theirs}, the features have ${ours} there; train it again on today's features or choose another version.`,
  );
};
