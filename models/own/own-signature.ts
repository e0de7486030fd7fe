import { readFileSync } from 'node:fs';
import { parseDocument } from 'yaml';
import { z } from 'zod';
import { ForewarnError } from '../../runtime/forewarn-error.ts';
import { calibration, origins, signatureOutput } from '../signature.ts';
import { widthOf } from '../scoring/worker-models.ts';

const number = z.union([z.number(), z.nan(), z.literal([Infinity, -Infinity])]);

const feature = z.union([
  z.string().min(1),
  z.strictObject({ name: z.string().min(1), type: z.literal('float32', 'every column is float32') }),
]);

/** Rows that the library that trained the model has scored itself, and what it said. */
const golden = z.strictObject({
  rows: z.array(z.array(number)).min(1),
  /** By row; of quantiles and classes a list of as many numbers. */
  expected: z.array(z.union([z.number(), z.array(z.number())])).min(1),
  /** Of which output; the first where it is left out. */
  output: z.string().optional(),
  tolerance: z.number().positive().default(1e-5),
});

/** What somebody says of a model file that they bring: docs/models-serving.md describes it field by field. */
export const ownSignature = z
  .strictObject({
    /** The family: `late-delivery`, `eta`, `cause` or `risk-<category>`. */
    model: z.string().regex(/^[a-z][a-z0-9-]*$/, 'a family is written in small letters, digits and hyphens'),
    origin: z.enum(origins).exclude(['forewarn']),
    /** In the order of the columns. */
    features: z.array(feature).min(1),
    /** Name of the graph's input; the only one where it is left out. */
    input: z.string().min(1).optional(),
    outputs: z.array(signatureOutput).min(1),
    calibration: calibration.default({ kind: 'in-graph' }),
    threshold: z.number().min(0).max(1).default(0.5),
    golden,
    /** Anything worth knowing; goes into the card. */
    card: z.record(z.string(), z.unknown()).default({}),
  })
  .transform(({ features, ...rest }) => ({
    ...rest,
    features: features.map((one) => (typeof one === 'string' ? one : one.name)),
  }))
  .check((context) => {
    const { features, golden: told, outputs } = context.value;
    const say = (path: (string | number)[], message: string): void =>
      void context.issues.push({ code: 'custom', path, message, input: context.value });
    const twice = features.find((name, at) => features.indexOf(name) !== at);
    if (twice !== undefined) say(['features'], `"${twice}" is there twice`);
    const wide = told.rows.findIndex((row) => row.length !== features.length);
    if (wide >= 0)
      say(['golden', 'rows', wide], `has ${told.rows[wide]!.length} numbers for ${features.length} features`);
    if (told.expected.length !== told.rows.length)
      say(['golden', 'expected'], `has ${told.expected.length} answers for ${told.rows.length} rows`);
    const output = outputs.find(({ name }) => name === (told.output ?? outputs[0]!.name));
    if (output === undefined) say(['golden', 'output'], `"${told.output}" is none of the outputs`);
    const width = output === undefined ? 1 : widthOf(output);
    const odd = told.expected.findIndex((one) => [one].flat().length !== width);
    if (output !== undefined && odd >= 0)
      say(['golden', 'expected', odd], `is not ${width} numbers, as output "${output.name}" gives`);
  });
export type OwnSignature = z.infer<typeof ownSignature>;

/** Throws FW610 that names the first place that does not fit. */
export const readOwnSignature = (file: string, declared: readonly string[]): OwnSignature => {
  const refuse = (what: string, cause?: unknown): never => {
    throw new ForewarnError('FW610', `${file}: ${what}`, { cause });
  };
  let text = '';
  try {
    text = readFileSync(file, 'utf8');
  } catch (cause) {
    refuse('it cannot be read; give the path of the signature', cause);
  }
  const document = parseDocument(text);
  const [mistake] = document.errors;
  if (mistake !== undefined) refuse(`it is not YAML: ${mistake.message.split('\n')[0]}`, mistake);
  const parsed = ownSignature.safeParse(document.toJS());
  if (!parsed.success) {
    const { path, message } = parsed.error.issues[0]!;
    return refuse(`${path.join('.') || 'the whole'}: ${message}; docs/models-serving.md has an example`);
  }
  const unknown = parsed.data.features.find((name) => !declared.includes(name));
  if (unknown !== undefined)
    refuse(`features: "${unknown}" is no feature of ours; forewarn features list names them`);
  return parsed.data;
};
