import type { Control, Item, Rows } from '../runtime/item.ts';
import { operate } from '../runtime/operate.ts';
import type { Step, StepContext } from '../runtime/step.ts';

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
 * worker is answered by the fallback, recorded in the row. Keeps no state.
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

class ScoreRun<T> {
  readonly #context: StepContext;
  readonly #options: ScoreOptions<T>;
  readonly #out: (item: Item<Scored<T>>) => void;
  /** What came in and is not out yet, in order; rows are filled in when their answer comes. */
  readonly #line: { item: Item<Scored<T>> | undefined }[] = [];

  constructor(context: StepContext, options: ScoreOptions<T>, out: (item: Item<Scored<T>>) => void) {
    this.#context = context;
    this.#options = options;
    this.#out = out;
  }

  rows(rows: Rows<T>): void {
    const place: { item: Item<Scored<T>> | undefined } = { item: undefined };
    this.#line.push(place);
    const release = this.#context.hold();
    void this.#scored(rows).then((item) => {
      place.item = item;
      this.#advance();
      release();
    });
  }

  control(item: Control): void {
    this.#line.push({ item });
    this.#advance();
  }

  #advance(): void {
    while (this.#line[0]?.item !== undefined) {
      const { item } = this.#line.shift()!;
      if (item!.kind === 'barrier') this.#context.atBarrier(item!.epoch);
      this.#out(item!);
    }
  }

  async #scored(rows: Rows<T>): Promise<Rows<Scored<T>>> {
    const { columns, model, features, fallback } = this.#options;
    const scorer = this.#context.services.scorer(model);
    const matrix = new Float32Array(rows.values.length * columns);
    rows.values.forEach((row, index) => features(row, matrix, index * columns));
    let answers: Float32Array | undefined;
    try {
      answers = await scorer.score(matrix, rows.values.length);
    } catch {
      // The scorer counts and logs its failures; here the fallback speaks.
      answers = undefined;
    }
    this.#context.count(answers === undefined ? 'fallback' : 'model', rows.values.length);
    const values = rows.values.map((row, index) => ({
      row,
      probability: answers === undefined ? fallback(row) : answers[index]!,
      threshold: scorer.threshold,
      answered: answers === undefined ? ('fallback' as const) : ('model' as const),
      modelVersion: scorer.modelVersion,
      features: matrix.subarray(index * columns, (index + 1) * columns),
    }));
    return { kind: 'rows', values, keys: rows.keys, at: rows.at, heardAt: rows.heardAt };
  }
}
