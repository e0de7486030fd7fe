import type { Control, Item, Rows } from '../runtime/item.ts';
import { operate } from '../runtime/operate.ts';
import type { RowFailure, ScorerService, Step, StepContext } from '../runtime/step.ts';

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
}

/** A row with its score and where it came from. */
export interface Scored<T> {
  readonly row: T;
  readonly probability: number;
  readonly threshold: number;
  readonly answered: 'model' | 'fallback';
  readonly modelVersion: string;
  /** What the model was given for this row. */
  readonly features: Float32Array;
}

/**
 * Scores each batch in the model's workers: one matrix a batch, never objects. Rows come out in the order in which
 * they went in, no control item passes a row, and a barrier waits for what is under way (drain). A time-out or a lost
 * worker is answered by the fallback, recorded in the row; a row on which `features` or `fallback` throws goes to dead
 * letters. Keeps no state.
 */
export const score = <T>(options: ScoreOptions<T>): Step<T, Scored<T>> => ({
  verb: 'score',
  name: options.name,
  stateful: false,
  async: true,
  detail: `model ${options.model}`,
  faults: [],
  make: (context) => (inputs) =>
    inputs[0]!.pipe(operate<T, Scored<T>>((out) => new ScoreRun(context, options, out)) as never),
});

/** An item at its place in line; without its answer it holds back what came after it. */
interface Place<T> {
  item: Item<Scored<T>> | undefined;
  failures: readonly RowFailure[];
}

class ScoreRun<T> {
  readonly #context: StepContext;
  readonly #options: ScoreOptions<T>;
  readonly #out: (item: Item<Scored<T>>) => void;
  /** What came in and is not out yet, in order; rows are filled in when their answer comes. */
  readonly #line: Place<T>[] = [];

  constructor(context: StepContext, options: ScoreOptions<T>, out: (item: Item<Scored<T>>) => void) {
    this.#context = context;
    this.#options = options;
    this.#out = out;
  }

  rows(rows: Rows<T>): void {
    const scorer = this.#context.services.scorer(this.#options.model);
    const asked = this.#featuresOf(rows);
    const place: Place<T> = { item: undefined, failures: asked.failures };
    this.#line.push(place);
    const release = this.#context.hold();
    void this.#answers(scorer, asked).then((answers) => {
      const answered = this.#scored(scorer, asked, answers);
      place.item = answered.rows;
      place.failures = [...asked.failures, ...answered.failures];
      this.#advance();
      release();
    });
  }

  control(item: Control): void {
    this.#line.push({ item, failures: [] });
    this.#advance();
  }

  /** Lets out what is first in line. Failures wait for their place too: they belong to the epoch of their rows. */
  #advance(): void {
    while (this.#line[0]?.item !== undefined) {
      const { item, failures } = this.#line.shift()!;
      for (const failure of failures) this.#context.fail(failure);
      if (item!.kind === 'barrier') this.#context.atBarrier(item!.epoch);
      this.#out(item!);
    }
  }

  #featuresOf(rows: Rows<T>): Asked<T> {
    const { columns, features } = this.#options;
    const matrix = new Float32Array(rows.values.length * columns);
    const kept: number[] = [];
    const failures: RowFailure[] = [];
    for (let index = 0; index < rows.values.length; index++) {
      const offset = kept.length * columns;
      try {
        features(rows.values[index]!, matrix, offset);
        kept.push(index);
      } catch (error) {
        matrix.fill(0, offset, offset + columns);
        failures.push(failureOf(rows, index, error));
      }
    }
    return {
      rows: failures.length === 0 ? rows : pick(rows, kept),
      matrix: failures.length === 0 ? matrix : matrix.slice(0, kept.length * columns),
      failures,
    };
  }

  async #answers(scorer: ScorerService, { matrix, rows }: Asked<T>): Promise<Float32Array | undefined> {
    if (rows.values.length === 0) return new Float32Array(0);
    try {
      return await scorer.score(matrix, rows.values.length);
    } catch {
      // The scorer counts and logs its failures; here the fallback speaks.
      return undefined;
    }
  }

  #scored(
    { threshold, modelVersion }: ScorerService,
    { rows, matrix }: Asked<T>,
    answers: Float32Array | undefined,
  ): { readonly rows: Rows<Scored<T>>; readonly failures: readonly RowFailure[] } {
    const { columns, fallback } = this.#options;
    const answered = answers === undefined ? 'fallback' : 'model';
    const values: Scored<T>[] = [];
    const kept: number[] = [];
    const failures: RowFailure[] = [];
    for (let index = 0; index < rows.values.length; index++) {
      const row = rows.values[index]!;
      try {
        const probability = answers === undefined ? fallback(row) : answers[index]!;
        const features = matrix.subarray(index * columns, (index + 1) * columns);
        values.push({ row, probability, threshold, answered, modelVersion, features });
        kept.push(index);
      } catch (error) {
        failures.push(failureOf(rows, index, error));
      }
    }
    const { keys, at, heardAt } = failures.length === 0 ? rows : pick(rows, kept);
    return { rows: { kind: 'rows', values, keys, at, heardAt }, failures };
  }
}

/** What the model is asked: the rows whose features could be computed, one line of the matrix each. */
interface Asked<T> {
  readonly rows: Rows<T>;
  readonly matrix: Float32Array;
  readonly failures: readonly RowFailure[];
}

const failureOf = <T>({ values, heardAt }: Rows<T>, index: number, error: unknown): RowFailure => ({
  stage: 'score',
  row: values[index],
  heardAt: heardAt[index]!,
  error,
});

const pick = <T>({ values, keys, at, heardAt }: Rows<T>, kept: readonly number[]): Rows<T> => ({
  kind: 'rows',
  values: kept.map((index) => values[index]!),
  keys: kept.map((index) => keys[index]!),
  at: kept.map((index) => at[index]!),
  heardAt: kept.map((index) => heardAt[index]!),
});
