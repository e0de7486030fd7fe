import {
  bytes,
  type Field,
  int,
  message,
  packedFloats,
  packedInts,
  string,
} from '../../../models/onnx/protobuf.ts';

/** Files in the shapes that converters give, written by hand: what they are made of is public, what made them is not needed. */

type Shape = readonly (number | string)[];

const tensorType = (type: number, shape: Shape): Uint8Array =>
  message(
    bytes(
      1,
      message(
        int(1, type),
        bytes(
          2,
          message(
            ...shape.map((size): Field =>
              bytes(1, typeof size === 'string' ? message(string(2, size)) : message(int(1, size))),
            ),
          ),
        ),
      ),
    ),
  );

const FLOAT = 1;
const INT64 = 7;

/** sequence(map(int64, float)), as ZipMap gives. */
const mapsType = (): Uint8Array =>
  message(
    bytes(4, message(bytes(1, message(bytes(5, message(int(1, INT64), bytes(2, tensorType(FLOAT, [])))))))),
  );

const value = (name: string, type: Uint8Array): Uint8Array => message(string(1, name), bytes(2, type));
const ints = (name: string, values: readonly number[]) =>
  message(string(1, name), packedInts(8, values), int(20, 7));
const floats = (name: string, values: readonly number[]) =>
  message(string(1, name), packedFloats(7, values), int(20, 6));
const texts = (name: string, values: readonly string[]) =>
  message(string(1, name), ...values.map((text): Field => string(9, text)), int(20, 8));
const text = (name: string, word: string) => message(string(1, name), string(4, word), int(20, 3));

const node = (
  operator: string,
  inputs: readonly string[],
  outputs: readonly string[],
  attributes: readonly Uint8Array[] = [],
  domain = '',
): Uint8Array =>
  message(
    ...inputs.map((name) => string(1, name)),
    ...outputs.map((name) => string(2, name)),
    string(4, operator),
    ...attributes.map((one) => bytes(5, one)),
    string(7, domain),
  );

const model = (
  nodes: readonly Uint8Array[],
  inputs: readonly Uint8Array[],
  outputs: readonly Uint8Array[],
  constants: readonly Uint8Array[] = [],
): Uint8Array =>
  message(
    int(1, 8),
    bytes(
      7,
      message(
        ...nodes.map((one) => bytes(1, one)),
        string(2, 'brought'),
        ...constants.map((one) => bytes(5, one)),
        ...inputs.map((one) => bytes(11, one)),
        ...outputs.map((one) => bytes(12, one)),
      ),
    ),
    bytes(8, message(string(1, ''), int(2, 15))),
    bytes(8, message(string(1, 'ai.onnx.ml'), int(2, 3))),
  );

/** One split of column 0 of two: at most `threshold` → log-odds −2, above it → +2. No covers, as onnxmltools writes it. */
const stump = (threshold: number): Uint8Array =>
  node(
    'TreeEnsembleClassifier',
    ['input'],
    ['label', 'probabilities'],
    [
      ints('nodes_treeids', [0, 0, 0]),
      ints('nodes_nodeids', [0, 1, 2]),
      ints('nodes_featureids', [0, 0, 0]),
      texts('nodes_modes', ['BRANCH_LEQ', 'LEAF', 'LEAF']),
      floats('nodes_values', [threshold, 0, 0]),
      ints('nodes_truenodeids', [1, 0, 0]),
      ints('nodes_falsenodeids', [2, 0, 0]),
      ints('nodes_missing_value_tracks_true', [0, 0, 0]),
      floats('nodes_hitrates', [1, 1, 1]),
      ints('class_treeids', [0, 0]),
      ints('class_nodeids', [1, 2]),
      ints('class_ids', [0, 0]),
      floats('class_weights', [-2, 2]),
      ints('classlabels_int64s', [0, 1]),
      text('post_transform', 'LOGISTIC'),
    ],
    'ai.onnx.ml',
  );

const matrix = value('input', tensorType(FLOAT, ['N', 2]));

/** As onnxmltools gives with zipmap=False: a label, and both probabilities as a tensor. */
export const treesWithTensor = (threshold: number): Uint8Array =>
  model(
    [stump(threshold)],
    [matrix],
    [value('label', tensorType(INT64, ['N'])), value('probabilities', tensorType(FLOAT, ['N', 2]))],
  );

/** As onnxmltools gives by default: the probabilities go through a ZipMap. */
export const treesWithZipMap = (threshold: number): Uint8Array =>
  model(
    [
      stump(threshold),
      node('ZipMap', ['probabilities'], ['output'], [ints('classlabels_int64s', [0, 1])], 'ai.onnx.ml'),
    ],
    [matrix],
    [value('label', tensorType(INT64, ['N'])), value('output', mapsType())],
  );

/** As torch.onnx.export gives: logistic(x · w + b), or without the logistic the log-odds; `rows` a number where no axis is dynamic. */
export const layer = (weights: readonly number[], bias: number, sigmoid: boolean, rows: Shape[0] = 'batch') =>
  model(
    [
      node('Gemm', ['x', 'w', 'b'], [sigmoid ? 'logit' : 'y']),
      ...(sigmoid ? [node('Sigmoid', ['logit'], ['y'])] : []),
    ],
    [value('x', tensorType(FLOAT, [rows, weights.length]))],
    [value('y', tensorType(FLOAT, [rows, 1]))],
    [
      message(int(1, weights.length), int(1, 1), int(2, FLOAT), packedFloats(4, weights), string(8, 'w')),
      message(int(1, 1), int(2, FLOAT), packedFloats(4, [bias]), string(8, 'b')),
    ],
  );

/** Says the same of every row: as many numbers as there are, whatever the columns. */
export const always = (columns: number, numbers: readonly number[]): Uint8Array =>
  model(
    [node('Gemm', ['x', 'w', 'b'], ['y'])],
    [value('x', tensorType(FLOAT, ['batch', columns]))],
    [value('y', tensorType(FLOAT, ['batch', numbers.length]))],
    [
      message(
        int(1, columns),
        int(1, numbers.length),
        int(2, FLOAT),
        packedFloats(
          4,
          Array.from({ length: columns * numbers.length }, () => 0),
        ),
        string(8, 'w'),
      ),
      message(int(1, numbers.length), int(2, FLOAT), packedFloats(4, numbers), string(8, 'b')),
    ],
  );
