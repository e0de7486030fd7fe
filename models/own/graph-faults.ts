import { widthOf } from '../scoring/worker-models.ts';
import type { SignatureOutput } from '../signature.ts';
import type { GraphValue, Inspected } from './inspect-worker.ts';
import type { OwnSignature } from './own-signature.ts';

/** The input that the matrix goes to, or what is wrong with the graph and how it is mended. */
export type Fit = { readonly input: string } | { readonly fault: string };

/** What of a graph differs from its signature: the first thing, in words, with the mend. */
export const fitOf = ({ inputs, outputs }: Inspected, own: OwnSignature): Fit => {
  if (inputs.length !== 1)
    return {
      fault: `it has ${inputs.length} inputs (${namesOf(inputs)}), and scoring gives one matrix; convert it with one float tensor of all columns as its input`,
    };
  const input = inputs[0]!;
  const fault =
    inputFault(input, own) ??
    own.outputs.map((output) => outputFault(output, outputs)).find((one) => one !== null);
  return fault === undefined || fault === null ? { input: input.name } : { fault };
};

const inputFault = (input: GraphValue, own: OwnSignature): string | null => {
  if (own.input !== undefined && own.input !== input.name)
    return `its input is "${input.name}", the signature says "${own.input}"; name it so there, or leave it out`;
  if (input.type !== 'float32')
    return `its input "${input.name}" is ${input.type ?? 'no tensor'}, and columns are float32; convert it with a FloatTensorType input`;
  if (input.shape.length !== 2)
    return `its input "${input.name}" has the shape ${shapeOf(input)}; convert it with [rows, ${own.features.length}]`;
  const [rows, columns] = input.shape;
  if (typeof rows === 'number')
    return `its input "${input.name}" takes just ${rows} row at once; convert it with a first dimension that may change (dynamic axis)`;
  if (typeof columns === 'number' && columns !== own.features.length)
    return `its input "${input.name}" has ${columns} columns, the signature names ${own.features.length} features; name all of them, in the order of training`;
  return null;
};

const outputFault = (output: SignatureOutput, outputs: readonly GraphValue[]): string | null => {
  const found = outputs.find(({ name }) => name === output.name);
  if (found === undefined)
    return `it has no output "${output.name}", only ${namesOf(outputs)}; name one of them in the signature`;
  if (found.type === null)
    return `its output "${output.name}" is a sequence of maps and no tensor; convert it with zipmap off (onnxmltools: zipmap=False, skl2onnx: options={"zipmap": False})`;
  if (found.type !== 'float32' && found.type !== 'float64')
    return `its output "${output.name}" is ${found.type}${found.type === 'int64' ? ', a label' : ''}; name the one with probabilities: ${namesOf(outputs)}`;
  const [rows, numbers, ...more] = found.shape;
  if (typeof rows === 'number')
    return `its output "${output.name}" has just ${rows} row; convert it with a first dimension that may change (dynamic axis)`;
  const widths = output.kind === 'risk' ? [1, 2] : [widthOf(output)];
  const isFlat = found.shape.length === 1 && output.kind === 'risk';
  // What does not say its shape is judged by the golden rows.
  if (found.shape.length === 0 || isFlat) return null;
  if (more.length > 0 || (typeof numbers === 'number' && !widths.includes(numbers)))
    return `its output "${output.name}" has the shape ${shapeOf(found)}, and ${output.kind === 'risk' ? 'a risk' : `${widths[0]} ${output.kind}`} needs [rows, ${widths.join(' or ')}]; name another output or mend ${output.kind === 'risk' ? 'its kind' : output.kind === 'quantiles' ? 'levels' : 'labels'}`;
  return null;
};

const namesOf = (values: readonly GraphValue[]): string =>
  values.map(({ name }) => `"${name}"`).join(', ') || 'none';

const shapeOf = ({ shape }: GraphValue): string => `[${shape.map((size) => size || '?').join(', ')}]`;
