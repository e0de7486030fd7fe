import { z } from 'zod';

/** Who made the model file. */
export const origins = ['forewarn', 'lightgbm', 'xgboost', 'scikit-learn', 'pytorch', 'other'] as const;

/**
 * One output of the graph. `risk`: one number a row, [rows, 2] of which column 1 counts, [rows, 1] or [rows].
 * `quantiles`: [rows, levels], minutes after the expected arrival. `classes`: [rows, labels].
 */
export const signatureOutput = z
  .strictObject({
    name: z.string().min(1),
    kind: z.enum(['risk', 'quantiles', 'classes']),
    /** `margin`: log-odds, of which the logistic is the probability; what a network without a last sigmoid gives. */
    gives: z.enum(['probability', 'margin']).default('probability'),
    /** Of quantiles, ascending, such as .1 .5 .9. */
    levels: z.array(z.number().gt(0).lt(1)).min(1).optional(),
    /** Of classes, in the order of the columns. */
    labels: z.array(z.string().min(1)).min(2).optional(),
  })
  .check((context) => {
    const { kind, levels, labels } = context.value;
    const say = (message: string) => context.issues.push({ code: 'custom', message, input: context.value });
    if (kind === 'quantiles' && levels === undefined) say('quantiles need their levels');
    if (kind === 'classes' && labels === undefined) say('classes need their labels');
    if (levels?.some((level, at) => at > 0 && level <= levels[at - 1]!) === true) say('levels must ascend');
  });
export type SignatureOutput = z.infer<typeof signatureOutput>;

/**
 * What turns a risk into a share of cases after the graph has spoken. `in-graph`: nothing, the graph has done it.
 * `platt`: logistic(slope · log-odds + intercept). `isotonic`: straight lines between points, flat outside.
 */
export const calibration = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('in-graph') }),
  z.strictObject({ kind: z.literal('platt'), slope: z.number().positive(), intercept: z.number() }),
  z
    .strictObject({
      kind: z.literal('isotonic'),
      x: z.array(z.number()).min(2),
      y: z.array(z.number().min(0).max(1)).min(2),
    })
    .refine(({ x, y }) => x.length === y.length, 'x and y must be of one length')
    .refine(({ x }) => x.every((at, index) => index === 0 || at > x[index - 1]!), 'x must ascend')
    .refine(({ y }) => y.every((at, index) => index === 0 || at >= y[index - 1]!), 'y must not fall'),
]);
export type Calibration = z.infer<typeof calibration>;

/** Shares by the value of a column: what a rule says, for which no thread has to be asked. `stage` null: it is missing. */
const rateRule = z.strictObject({
  column: z.string().min(1),
  stages: z.array(z.strictObject({ stage: z.number().nullable(), rate: z.number().gt(0).lt(1) })),
  otherwise: z.number().gt(0).lt(1),
});
export type RateRule = z.infer<typeof rateRule>;

/** Signatures of before there were several outputs named one, a risk. */
const withOutputs = (value: unknown): unknown => {
  if (typeof value !== 'object' || value === null || !('output' in value)) return value;
  const { output, ...rest } = value;
  return { outputs: [{ name: output, kind: 'risk' }], ...rest };
};

/** What a model file takes and gives, kept beside it: the order of its columns above all. */
export const signature = z.preprocess(
  withOutputs,
  z.object({
    model: z.string().min(1),
    version: z.string().min(1),
    origin: z.enum(origins).default('forewarn'),
    /** Columns in order, by the names of `featureNames`; all are float32, NaN where not known. */
    features: z.array(z.object({ name: z.string().min(1), type: z.literal('float32') })).min(1),
    input: z.string().min(1),
    outputs: z.array(signatureOutput).min(1),
    calibration: calibration.default({ kind: 'in-graph' }),
    /** From this probability on it is an alarm. */
    threshold: z.number().min(0).max(1).default(0.5),
    /** Of a version that is a rule, and says the same as its file; its name begins with `rule-`. */
    rule: rateRule.optional(),
    /** SHA-256 of `model.onnx`, hex. */
    sha256: z.string().length(64),
  }),
);
export type Signature = z.infer<typeof signature>;

/** `late-delivery@3f2a9c1d0b7e` */
export const versionName = ({ model, version }: Pick<Signature, 'model' | 'version'>): string =>
  `${model}@${version}`;

const RULE = 'rule-';

/** The name of a version that is a rule: whoever reads a prediction sees what spoke. */
export const ruleVersion = (content: string): string => `${RULE}${content}`;

export const isRuleVersion = (version: string): boolean => version.startsWith(RULE);
