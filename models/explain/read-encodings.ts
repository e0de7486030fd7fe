import type { Graph } from './read-graph.ts';

/** A column of codes, for each of which the trees read a number instead, in a column of its own. */
export interface Encoding {
  readonly column: number;
  readonly values: ReadonlyMap<number, number>;
  /** Of codes that training never saw. */
  readonly otherwise: number;
}

/**
 * The columns that a graph puts behind its own before the trees read them: `Concat(input, LabelEncoder(Gather(input, c)))`,
 * as our export writes categories. None where the trees read the input itself, null where they read anything else.
 */
export const encodingsOf = ({ nodes, constants, inputs }: Graph, read: string): Encoding[] | null => {
  const [input] = inputs;
  if (read === input) return [];
  const from = (name: string, operator: string) =>
    nodes.find((node) => node.operator === operator && node.outputs[0] === name);
  const [first, ...more] = from(read, 'Concat')?.inputs ?? [];
  if (first === undefined || first !== input) return null;
  const encodings = more.map((name): Encoding | null => {
    const encoder = from(name, 'LabelEncoder');
    const gather = from(encoder?.inputs[0] ?? '', 'Gather');
    const column = constants.get(gather?.inputs[1] ?? '')?.[0];
    const keys = encoder?.numbers.get('keys_floats');
    const values = encoder?.numbers.get('values_floats');
    if (gather?.inputs[0] !== input || column === undefined || keys === undefined || values === undefined)
      return null;
    return {
      column,
      values: new Map(keys.map((key, at) => [key, values[at]!])),
      otherwise: encoder?.numbers.get('default_float')?.[0] ?? 0,
    };
  });
  return encodings.includes(null) ? null : (encodings as Encoding[]);
};

/** The row with a number for each code behind it. Row 7, 2 and column 1 of codes 2 → 0.3 → row 7, 2, 0.3. */
export const withEncodings = (row: Float32Array, encodings: readonly Encoding[]): Float32Array => {
  if (encodings.length === 0) return row;
  const longer = new Float32Array(row.length + encodings.length);
  longer.set(row);
  for (const [at, { column, values, otherwise }] of encodings.entries())
    longer[row.length + at] = values.get(row[column]!) ?? otherwise;
  return longer;
};
