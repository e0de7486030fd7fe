import type { RateRule, Signature } from '../signature.ts';
import type { Scorer } from './scorer.ts';

interface Rule {
  readonly signature: Signature;
  readonly column: number;
  readonly rates: ReadonlyMap<number, number>;
  readonly missing: number;
  readonly otherwise: number;
}

/**
 * A scorer that says what rules say too, behind what its models do. A share by the value of one column is looked up here, in
 * some nanoseconds: a session in a thread would take as long for it as for many trees.
 */
export const rulesBeside = (
  scorer: Scorer,
  signatures: readonly Signature[],
  columns: readonly string[],
): Scorer => {
  const rules = signatures.map((signature) => ruleOf(signature, columns));
  if (rules.length === 0) return scorer;
  return {
    ...scorer,
    models: [...scorer.models, ...signatures],
    score: async (matrix, rows) => {
      const scores = await scorer.score(matrix, rows);
      return [...scores, ...rules.map((rule) => [ratesOf(rule, matrix, rows, columns.length)])];
    },
  };
};

const ruleOf = (signature: Signature, columns: readonly string[]): Rule => {
  const { column, stages, otherwise }: RateRule = signature.rule!;
  return {
    signature,
    column: columns.indexOf(column),
    rates: new Map(stages.flatMap(({ stage, rate }) => (stage === null ? [] : [[stage, rate]]))),
    missing: stages.find(({ stage }) => stage === null)?.rate ?? otherwise,
    otherwise,
  };
};

const ratesOf = (
  { column, rates, missing, otherwise }: Rule,
  matrix: Float32Array,
  rows: number,
  columns: number,
): Float32Array => {
  const told = new Float32Array(rows);
  for (let row = 0; row < rows; row++) {
    const stage = matrix[row * columns + column]!;
    told[row] = Number.isNaN(stage) ? missing : (rates.get(stage) ?? otherwise);
  }
  return told;
};
