import type { Barrier, Item, Rows } from '../runtime/item.ts';
import { operate } from '../runtime/operate.ts';
import { ObjectBody } from '../runtime/rows/object-body.ts';
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
 * Scores rows in the model's workers: a matrix of features, never objects. While an answer is out, rows gather for the
 * next question, up to 256. Rows come out in the order in which they went in, no control item passes a row, and a
 * barrier waits for what is under way (drain). A time-out or a lost worker is answered by the fallback, recorded in the
 * row; a row on which `features` or `fallback` throws goes to dead letters. Keeps no state.
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

/** Rows that are asked at once: past this, a larger question is answered no faster a row. */
const ROWS_A_QUESTION = 256;

/** An item at its place in line; without its answer it holds back what came after it. */
interface Place<T> {
  item: Item<Scored<T>> | undefined;
  failures: readonly RowFailure[];
}

/** Rows at their place that wait for an answer, with a line of the matrix for each whose features could be computed. */
interface Asked<T> {
  readonly place: Place<T>;
  readonly rows: Rows<T>;
  readonly matrix: Float32Array;
  readonly kept: readonly number[];
  readonly failures: readonly RowFailure[];
  readonly release: () => void;
}

class ScoreRun<T> {
  readonly #context: StepContext;
  readonly #options: ScoreOptions<T>;
  readonly #out: (item: Item<Scored<T>>) => void;
  /** What came in and is not out yet, in order; rows are filled in when their answer comes. */
  readonly #line: Place<T>[] = [];
  #gathered: Asked<T>[] = [];
  #gatheredRows = 0;
  #underWay = 0;

  constructor(context: StepContext, options: ScoreOptions<T>, out: (item: Item<Scored<T>>) => void) {
    this.#context = context;
    this.#options = options;
    this.#out = out;
  }

  rows(rows: Rows<T>): void {
    const place: Place<T> = { item: undefined, failures: [] };
    this.#line.push(place);
    if (rows.size === 0) {
      place.item = { ...rows, body: new ObjectBody<Scored<T>>([]) };
      this.#advance();
      return;
    }
    const asked = this.#asked(place, rows);
    this.#gathered.push(asked);
    this.#gatheredRows += asked.kept.length;
    if (this.#underWay === 0 || this.#gatheredRows >= ROWS_A_QUESTION) this.#ask();
  }

  barrier(barrier: Barrier): void {
    this.#line.push({ item: barrier, failures: [] });
    if (this.#gathered.length > 0) this.#ask();
    this.#advance();
  }

  /** Asks everything that has gathered in one question. */
  #ask(): void {
    const asked = this.#gathered;
    const rows = this.#gatheredRows;
    this.#gathered = [];
    this.#gatheredRows = 0;
    this.#underWay += 1;
    const scorer = this.#context.services.scorer(this.#options.model);
    void this.#answers(scorer, asked, rows).then((answers) => {
      this.#underWay -= 1;
      let from = 0;
      for (const one of asked) {
        const own = answers?.subarray(from, from + one.kept.length);
        from += one.kept.length;
        const answered = this.#scored(scorer, one, own);
        one.place.item = answered.rows;
        one.place.failures = [...one.failures, ...answered.failures];
      }
      this.#advance();
      for (const one of asked) one.release();
      if (this.#gathered.length > 0 && this.#underWay === 0) this.#ask();
    });
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

  /** What is kept of lent rows until the answer comes. */
  #asked(place: Place<T>, lent: Rows<T>): Asked<T> {
    const { columns, features } = this.#options;
    const { size } = lent;
    const values = Array.from({ length: size }, (_, index) => lent.body.row(index));
    const rows: Rows<T> = {
      ...lent,
      body: new ObjectBody(values),
      keys:
        lent.keys === null ? null : (Array.from({ length: size }, (_, index) => lent.keys![index]) as never),
      at: lent.at.slice(0, size),
      heardAt: lent.heardAt.slice(0, size),
      origin: lent.origin.slice(0, size),
      position: lent.position.slice(0, size),
    };
    const matrix = new Float32Array(size * columns);
    const kept: number[] = [];
    const failures: RowFailure[] = [];
    for (let index = 0; index < size; index++) {
      const offset = kept.length * columns;
      try {
        features(values[index]!, matrix, offset);
        kept.push(index);
      } catch (error) {
        matrix.fill(0, offset, offset + columns);
        failures.push(failureOf(rows, index, error));
      }
    }
    return { place, rows, matrix, kept, failures, release: this.#context.hold() };
  }

  async #answers(
    scorer: ScorerService,
    asked: readonly Asked<T>[],
    rows: number,
  ): Promise<Float32Array | undefined> {
    if (rows === 0) return new Float32Array(0);
    const { columns } = this.#options;
    const matrix = new Float32Array(rows * columns);
    let at = 0;
    for (const one of asked) {
      matrix.set(one.matrix.subarray(0, one.kept.length * columns), at);
      at += one.kept.length * columns;
    }
    try {
      return await scorer.score(matrix, rows);
    } catch {
      // The scorer counts and logs its failures; here the fallback speaks.
      return undefined;
    }
  }

  #scored(
    { threshold, modelVersion }: ScorerService,
    { rows, matrix, kept }: Asked<T>,
    answers: Float32Array | undefined,
  ): { readonly rows: Rows<Scored<T>>; readonly failures: readonly RowFailure[] } {
    const { columns, fallback } = this.#options;
    const answered = answers === undefined ? 'fallback' : 'model';
    const values: Scored<T>[] = [];
    const done: number[] = [];
    const failures: RowFailure[] = [];
    for (const [line, index] of kept.entries()) {
      const row = rows.body.row(index);
      try {
        const probability = answers === undefined ? fallback(row) : answers[line]!;
        const features = matrix.subarray(line * columns, (line + 1) * columns);
        values.push({ row, probability, threshold, answered, modelVersion, features });
        done.push(index);
      } catch (error) {
        failures.push(failureOf(rows, index, error));
      }
    }
    if (answers === undefined) this.#context.count('unanswered', values.length);
    return { rows: withBody(rows, values, done), failures };
  }
}

/** The rows at these indexes with other values. */
const withBody = <A, B>(rows: Rows<A>, values: readonly B[], indexes: readonly number[]): Rows<B> => ({
  kind: 'rows',
  size: values.length,
  body: new ObjectBody(values),
  keys: rows.keys === null ? null : (indexes.map((index) => rows.keys![index]) as never),
  at: Float64Array.from(indexes, (index) => rows.at[index]!),
  heardAt: Float64Array.from(indexes, (index) => rows.heardAt[index]!),
  origin: Float64Array.from(indexes, (index) => rows.origin[index]!),
  position: Int32Array.from(indexes, (index) => rows.position[index]!),
  progress: rows.progress,
  last: rows.last,
});

const failureOf = <T>(
  { body, heardAt, progress, position }: Rows<T>,
  index: number,
  error: unknown,
): RowFailure => ({
  stage: 'score',
  row: body.row(index),
  heardAt: heardAt[index]!,
  error,
  moment: { progress, position: position[index]! },
});
