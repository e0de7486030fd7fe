import { ProtobufReader } from './protobuf-reader.ts';

/** One node of an ONNX graph, and its attributes by name: numbers, or texts. */
export interface GraphNode {
  readonly operator: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly numbers: ReadonlyMap<string, readonly number[]>;
  readonly texts: ReadonlyMap<string, readonly string[]>;
}

export interface Graph {
  /** In an order in which they can be computed, as the format demands. */
  readonly nodes: readonly GraphNode[];
  /** Whole numbers among the constants, by name. */
  readonly constants: ReadonlyMap<string, readonly number[]>;
  readonly inputs: readonly string[];
}

/**
 * The graph of an ONNX file, without its weights. Field numbers are those of onnx.proto3: graph 7 of a model; node 1,
 * initializer 5 and input 11 of a graph; int64_data 7, name 8 and raw_data 9 of a tensor.
 */
export const readGraph = (onnx: Uint8Array): Graph => {
  const nodes: GraphNode[] = [];
  const constants = new Map<string, readonly number[]>();
  const inputs: string[] = [];
  new ProtobufReader(onnx).fields((number, model) => {
    if (number !== 7) return;
    new ProtobufReader(model.bytes()).fields((inGraph, graph) => {
      if (inGraph === 1) nodes.push(nodeOf(graph.bytes()));
      else if (inGraph === 5) constants.set(...constantOf(graph.bytes()));
      else if (inGraph === 11) inputs.push(nameOf(graph.bytes()));
    });
  });
  return { nodes, constants, inputs };
};

/** Input 1, output 2, operator 4 and attribute 5 of a node. */
const nodeOf = (bytes: Uint8Array): GraphNode => {
  let operator = '';
  const inputs: string[] = [];
  const outputs: string[] = [];
  const numbers = new Map<string, readonly number[]>();
  const texts = new Map<string, readonly string[]>();
  new ProtobufReader(bytes).fields((inNode, node) => {
    if (inNode === 1) inputs.push(node.text());
    else if (inNode === 2) outputs.push(node.text());
    else if (inNode === 4) operator = node.text();
    else if (inNode === 5) {
      const { name, values, words } = attributeOf(node.bytes());
      numbers.set(name, values);
      texts.set(name, words);
    }
  });
  return { operator, inputs, outputs, numbers, texts };
};

/** Name 1, f 2, i 3, s 4, floats 7, ints 8 and strings 9 of an attribute. */
const attributeOf = (bytes: Uint8Array) => {
  let name = '';
  const values: number[] = [];
  const words: string[] = [];
  new ProtobufReader(bytes).fields((inAttribute, attribute) => {
    if (inAttribute === 1) name = attribute.text();
    else if (inAttribute === 2 || inAttribute === 7) attribute.floats(values);
    else if (inAttribute === 3 || inAttribute === 8) attribute.ints(values);
    else if (inAttribute === 4 || inAttribute === 9) words.push(attribute.text());
  });
  return { name, values, words };
};

const constantOf = (bytes: Uint8Array): [string, readonly number[]] => {
  let name = '';
  let type = 0;
  const values: number[] = [];
  let raw: Uint8Array = new Uint8Array(0);
  new ProtobufReader(bytes).fields((inTensor, tensor) => {
    if (inTensor === 2) type = Number(tensor.varint());
    else if (inTensor === 7) tensor.ints(values);
    else if (inTensor === 8) name = tensor.text();
    else if (inTensor === 9) raw = tensor.bytes();
  });
  // Type 7 is int64, little-endian.
  if (type === 7 && raw.length > 0) {
    const view = new DataView(raw.buffer, raw.byteOffset, raw.byteLength);
    for (let at = 0; at < raw.length; at += 8) values.push(Number(view.getBigInt64(at, true)));
  }
  return [name, type === 7 ? values : []];
};

const nameOf = (bytes: Uint8Array): string => {
  let name = '';
  new ProtobufReader(bytes).fields((number, value) => {
    if (number === 1) name = value.text();
  });
  return name;
};
