import type { Model } from '../model.ts';
import {
  type Attribute,
  type Constant,
  floatsAttribute,
  type GraphNode,
  intAttribute,
  stringAttribute,
} from './graph.ts';
import { type Branch, branchesOf, treeAttributes } from './tree-nodes.ts';

/** Name of the graph's input, [rows, columns] float32 with NaN for missing. */
export const inputName = 'features';

/** A part of the graph. */
export interface Part {
  readonly nodes: readonly GraphNode[];
  readonly constants: readonly Constant[];
}

/** The tensor that the trees read. */
export const encodedName = ({ encodings }: Model): string => (encodings.length === 0 ? inputName : 'encoded');

/** Scores of all heads before any link, [rows, heads]. */
export const scores = (model: Model, output: string): GraphNode =>
  regressor(encodedName(model), output, treesOf(model), model.ensembles.length, basesOf(model));

export const regressor = (
  input: string,
  output: string,
  branches: readonly Branch[],
  targets: number,
  bases: readonly number[] = [],
): GraphNode => ({
  op: 'TreeEnsembleRegressor',
  isMl: true,
  inputs: [input],
  outputs: [output],
  attributes: [
    ...treeAttributes(branches, 'target'),
    ...(bases.length === 0 ? [] : [floatsAttribute('base_values', bases)]),
    intAttribute('n_targets', targets),
    stringAttribute('post_transform', 'NONE'),
  ],
});

export const treesOf = ({ ensembles, encodings, columns }: Model): readonly Branch[] =>
  branchesOf(ensembles, (column) => {
    const encoding = encodings.findIndex((one) => one.column === column);
    return encoding < 0 ? column : columns + encoding;
  });

export const basesOf = ({ ensembles }: Model): number[] => ensembles.map(({ base }) => base);

export const concat = (inputs: readonly string[], output: string): GraphNode =>
  op('Concat', inputs, output, intAttribute('axis', 1));

export const op = (
  name: string,
  inputs: readonly string[],
  output: string,
  ...attributes: readonly Attribute[]
): GraphNode => ({ op: name, inputs, outputs: [output], attributes });
