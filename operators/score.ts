import { operate } from '../runtime/operate.ts';
import type { Step } from '../runtime/step.ts';
import { ScoreRun } from './score/score-run.ts';

export interface ScoreOptions<T> {
  readonly name: string;
  /** Name of the model in the registry. */
  readonly model: string;
  /** Columns of the matrix; must equal the model's signature. */
  readonly columns: number;
  /** Writes a row's features at `offset`. */
  readonly features: (row: T, target: Float32Array, offset: number) => void;
  /** Says what the model could not, from 0 to 1. */
  readonly fallback: (row: T) => number;
  /** Versions that are pinned for a row, such as by a replay; undefined where those in force are meant. */
  readonly versions?: (row: T) => readonly string[] | undefined;
}

/** A row with its score and where it came from. */
export interface Scored<T> {
  readonly row: T;
  readonly probability: number;
  readonly threshold: number;
  readonly answered: 'model' | 'fallback';
  readonly modelVersion: string;
  /** All versions that spoke; none where the fallback did. */
  readonly modelVersions: readonly string[];
  /** Minutes after the expected arrival at each level; null where no model says it. */
  readonly eta: { readonly levels: readonly number[]; readonly minutes: readonly number[] } | null;
  /** The most likely label; null where no model says it. */
  readonly cause: { readonly label: string; readonly probability: number } | null;
  /** Risk by category, of those that have a model. */
  readonly risks: Readonly<Record<string, number>>;
  /** What the model was given for this row. */
  readonly features: Float32Array;
}

/**
 * Scores rows in the workers of all models in force: a matrix of features, never objects. While an answer is out, rows
 * gather for the next question, up to 256. Rows come out in the order in which they went in, no control item passes a row,
 * and a barrier waits for what is under way (drain). A time-out or a lost worker is answered by the fallback, recorded in
 * the row with the versions that spoke; a row on which `features` or `fallback` throws goes to dead letters. Keeps no state.
 */
export const score = <T>(options: ScoreOptions<T>): Step<T, Scored<T>> => ({
  verb: 'score',
  name: options.name,
  stateful: false,
  async: true,
  deterministic: false,
  detail: `model ${options.model}`,
  counts: ['unanswered'],
  faults: [],
  faultsWith: (services) => {
    const { columns } = services.scorer(options.model);
    return columns === options.columns
      ? []
      : [
          `it makes ${options.columns} features, and model "${options.model}" takes ${columns}; train the model on these features`,
        ];
  },
  make: (context) => (inputs) =>
    inputs[0]!.pipe(operate<T, Scored<T>>((out) => new ScoreRun(context, options, out)) as never),
});
