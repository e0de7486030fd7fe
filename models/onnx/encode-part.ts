import type { Model } from '../model.ts';
import { floatAttribute, floatsAttribute, type GraphNode, intAttribute } from './graph.ts';
import { concat, encodedName, inputName, type Part } from './graph-part.ts';

/** Puts a column with its number behind the features for each column of categories; the trees read that one instead. */
export const encodePart = (model: Model): Part => {
  const { encodings } = model;
  if (encodings.length === 0) return { nodes: [], constants: [] };
  const nodes = encodings.flatMap(({ column, codes, values }): GraphNode[] => [
    {
      op: 'Gather',
      inputs: [inputName, `column_${column}`],
      outputs: [`codes_${column}`],
      attributes: [intAttribute('axis', 1)],
    },
    {
      op: 'LabelEncoder',
      isMl: true,
      inputs: [`codes_${column}`],
      outputs: [`values_${column}`],
      attributes: [
        floatsAttribute('keys_floats', [...codes]),
        floatsAttribute('values_floats', [...values]),
        floatAttribute('default_float', NaN),
      ],
    },
  ]);
  return {
    nodes: [
      ...nodes,
      concat([inputName, ...encodings.map(({ column }) => `values_${column}`)], encodedName(model)),
    ],
    constants: encodings.map(({ column }) => ({
      name: `column_${column}`,
      type: 'int64',
      shape: [1],
      values: [column],
    })),
  };
};
