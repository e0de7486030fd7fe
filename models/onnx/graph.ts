import { bytes, type Field, int, message, packedFloats, packedInts, string } from './protobuf.ts';

/** Numbers below are fields of onnx.proto3; here AttributeProto.AttributeType and TensorProto.DataType as far as used. */
const attributeType = { float: 1, int: 2, string: 3, floats: 6, ints: 7, strings: 8 } as const;
const elementType = { float: 1, int64: 7 } as const;

/** An attribute of a node. */
export type Attribute = Uint8Array;

export const intAttribute = (name: string, value: number): Attribute =>
  message(string(1, name), int(3, value), int(20, attributeType.int));

export const stringAttribute = (name: string, value: string): Attribute =>
  message(string(1, name), string(4, value), int(20, attributeType.string));

export const floatAttribute = (name: string, value: number): Attribute =>
  message(string(1, name), float(2, value), int(20, attributeType.float));

export const intsAttribute = (name: string, values: readonly number[]): Attribute =>
  message(string(1, name), packedInts(8, values), int(20, attributeType.ints));

export const floatsAttribute = (name: string, values: readonly number[]): Attribute =>
  message(string(1, name), packedFloats(7, values), int(20, attributeType.floats));

export const stringsAttribute = (name: string, values: readonly string[]): Attribute =>
  message(string(1, name), ...values.map((value) => string(9, value)), int(20, attributeType.strings));

export interface GraphNode {
  readonly op: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes?: readonly Attribute[];
  /** Of the operators for classical models; else ONNX's own. */
  readonly isMl?: boolean;
}

/** A tensor with a name: an input, an output, or one that never changes. */
export interface Tensor {
  readonly name: string;
  readonly type: keyof typeof elementType;
  /** A word stands for a size that differs from run to run. */
  readonly shape: readonly (number | string)[];
}

export interface Constant extends Tensor {
  readonly shape: readonly number[];
  readonly values: readonly number[];
}

export interface Graph {
  readonly name: string;
  readonly nodes: readonly GraphNode[];
  readonly constants: readonly Constant[];
  readonly inputs: readonly Tensor[];
  readonly outputs: readonly Tensor[];
  /** For whoever opens the file; no runtime reads it. */
  readonly metadata: Readonly<Record<string, string>>;
}

/** The file: IR 8, operators of opset 15 and of ai.onnx.ml 3, which every runtime of the last years knows. */
export const modelFile = ({ name, nodes, constants, inputs, outputs, metadata }: Graph): Uint8Array => {
  const graph = message(
    ...nodes.map((node) => bytes(1, nodeOf(node))),
    string(2, name),
    ...constants.map((constant) => bytes(5, tensorOf(constant))),
    ...inputs.map((input) => bytes(11, valueInfo(input))),
    ...outputs.map((output) => bytes(12, valueInfo(output))),
  );
  return message(
    int(1, 8),
    string(2, 'forewarn'),
    bytes(7, graph),
    bytes(8, message(string(1, ''), int(2, 15))),
    bytes(8, message(string(1, 'ai.onnx.ml'), int(2, 3))),
    ...Object.entries(metadata).map(([key, value]) => bytes(14, message(string(1, key), string(2, value)))),
  );
};

const nodeOf = ({ op, inputs, outputs, attributes = [], isMl = false }: GraphNode): Uint8Array =>
  message(
    ...inputs.map((input) => string(1, input)),
    ...outputs.map((output) => string(2, output)),
    string(4, op),
    ...attributes.map((attribute) => bytes(5, attribute)),
    ...(isMl ? [string(7, 'ai.onnx.ml')] : []),
  );

const tensorOf = ({ name, type, shape, values }: Constant): Uint8Array =>
  message(
    packedInts(1, shape),
    int(2, elementType[type]),
    type === 'float' ? packedFloats(4, values) : packedInts(7, values),
    string(8, name),
  );

const valueInfo = ({ name, type, shape }: Tensor): Uint8Array => {
  const dimensions = shape.map((size): Field =>
    bytes(1, typeof size === 'string' ? message(string(2, size)) : message(int(1, size))),
  );
  const tensor = message(int(1, elementType[type]), bytes(2, message(...dimensions)));
  return message(string(1, name), bytes(2, message(bytes(1, tensor))));
};

const float = (number: number, value: number): Field => [
  Uint8Array.of((number << 3) | 5),
  new Uint8Array(Float32Array.of(value).buffer),
];
