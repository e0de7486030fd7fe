import type { Barrier, Item, Rows } from '../../runtime/item.ts';
import { ObjectBody } from '../../runtime/rows/object-body.ts';
import type { ScorerService } from '../../runtime/scorer-service.ts';
import type { RowFailure, StepContext } from '../../runtime/step.ts';
import { keptRows, rowsWith } from '../../runtime/rows/kept-rows.ts';
import type { Scored, ScoreOptions } from '../score.ts';
import { failureAt } from '../stateless.ts';
import { askByVersion, type Line, type LineAnswer } from './ask-by-version.ts';

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
  readonly lines: readonly Line[];
  /** Index of the row of each line. */
  readonly kept: readonly number[];
  readonly failures: readonly RowFailure[];
  readonly release: () => void;
}

/** The scoring of one task: what came in and is not out yet, in order; rows are filled in when their answer comes. */
export class ScoreRun<T> {
  readonly #context: StepContext;
  readonly #options: ScoreOptions<T>;
  readonly #out: (item: Item<Scored<T>>) => void;
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
    this.#gathered = [];
    this.#gatheredRows = 0;
    this.#underWay += 1;
    const scorer = this.#context.services.scorer(this.#options.model);
    const lines = asked.flatMap((one) => one.lines);
    void askByVersion(scorer, this.#options.columns, lines).then((answers) => {
      this.#underWay -= 1;
      let from = 0;
      for (const one of asked) {
        const answered = this.#scored(scorer, one, answers.slice(from, from + one.lines.length));
        from += one.lines.length;
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

  #asked(place: Place<T>, lent: Rows<T>): Asked<T> {
    const { columns, features, versions } = this.#options;
    const rows = keptRows(lent);
    const matrix = new Float32Array(rows.size * columns);
    const lines: Line[] = [];
    const kept: number[] = [];
    const failures: RowFailure[] = [];
    for (let index = 0; index < rows.size; index++) {
      const row = rows.body.row(index);
      const offset = kept.length * columns;
      try {
        features(row, matrix, offset);
        lines.push({ matrix, offset, versions: versions?.(row) });
        kept.push(index);
      } catch (error) {
        matrix.fill(0, offset, offset + columns);
        failures.push(failureOf(rows, index, error));
      }
    }
    return { place, rows, lines, kept, failures, release: this.#context.hold() };
  }

  #scored(
    scorer: ScorerService,
    { rows, lines, kept }: Asked<T>,
    answers: readonly (LineAnswer | undefined)[],
  ): { readonly rows: Rows<Scored<T>>; readonly failures: readonly RowFailure[] } {
    const values: Scored<T>[] = [];
    const done: number[] = [];
    const failures: RowFailure[] = [];
    let unanswered = 0;
    for (const [at, index] of kept.entries()) {
      const row = rows.body.row(index);
      const { matrix, offset, versions } = lines[at]!;
      const features = matrix.subarray(offset, offset + this.#options.columns);
      const answer = answers[at];
      if (answer !== undefined) {
        values.push(scoredBy(answer, row, features));
        done.push(index);
        continue;
      }
      try {
        values.push({
          row,
          probability: this.#options.fallback(row),
          threshold: scorer.threshold,
          answered: 'fallback',
          modelVersion: versions?.[0] ?? scorer.modelVersion,
          modelVersions: [],
          eta: null,
          cause: null,
          risks: {},
          features,
        });
        done.push(index);
        unanswered += 1;
      } catch (error) {
        failures.push(failureOf(rows, index, error));
      }
    }
    if (unanswered > 0) this.#context.count('unanswered', unanswered);
    return { rows: rowsWith(rows, values, Int32Array.from(done)), failures };
  }
}

/** What the models say of one row. */
const scoredBy = <T>({ answers, at }: LineAnswer, row: T, features: Float32Array): Scored<T> => {
  const { threshold, modelVersion, modelVersions, risk, eta, cause, risks } = answers;
  const part = (values: Float32Array, width: number): Float32Array =>
    values.subarray(at * width, (at + 1) * width);
  return {
    row,
    probability: risk[at]!,
    threshold,
    answered: 'model',
    modelVersion,
    modelVersions,
    eta:
      eta === null
        ? null
        : // Levels of a model may cross; in ascending order each stands where it belongs (Chernozhukov et al. 2010).
          { levels: eta.levels, minutes: Array.from(part(eta.minutes, eta.levels.length).toSorted()) },
    cause: cause === null ? null : likeliest(cause.labels, part(cause.probabilities, cause.labels.length)),
    risks: Object.fromEntries(risks.map(({ category, risk: of }) => [category, of[at]!])),
    features,
  };
};

const likeliest = (
  labels: readonly string[],
  probabilities: Float32Array,
): { readonly label: string; readonly probability: number } => {
  let best = 0;
  for (let label = 1; label < labels.length; label++)
    if (probabilities[label]! > probabilities[best]!) best = label;
  return { label: labels[best]!, probability: probabilities[best]! };
};

const failureOf = <T>(rows: Rows<T>, index: number, error: unknown): RowFailure => ({
  ...failureAt(rows, index, error),
  stage: 'score',
});
