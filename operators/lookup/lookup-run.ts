import type { Barrier, Item, Rows } from '../../runtime/item.ts';
import type { RowFailure, StepContext } from '../../runtime/step.ts';
import { keptRows, rowsWith } from '../../runtime/rows/kept-rows.ts';
import type { LookedUp } from '../lookup.ts';
import { failureAt } from '../stateless.ts';
import { AnswerCache } from './answer-cache.ts';
import { type QuestionSettings, Questions } from './questions.ts';

export interface LookupSettings<T, V> extends QuestionSettings<V> {
  readonly key: (row: T) => string;
  readonly fallback: (row: T) => V | null;
  readonly atMost: number;
  readonly cacheMs: number;
}

interface Known<V> {
  readonly value: V | null;
  readonly outcome: LookedUp<unknown, V>['outcome'];
}

/** An item at its place in line; rows hold back what came after them until all their answers are there. */
interface Place<T, V> {
  readonly item: Rows<T> | Barrier;
  /** By row; undefined for one that has no answer yet, or failed. */
  readonly known: (Known<V> | undefined)[];
  readonly failures: RowFailure[];
  open: number;
  readonly release: () => void;
}

const nothing = (): void => undefined;

/** The look-ups of one task: what came in and is not out yet, in order. */
export class LookupRun<T, V> {
  readonly #context: StepContext;
  readonly #settings: LookupSettings<T, V>;
  readonly #out: (item: Item<LookedUp<T, V>>) => void;
  readonly #cache: AnswerCache<V>;
  readonly #questions: Questions<V>;
  readonly #line: Place<T, V>[] = [];

  constructor(
    context: StepContext,
    settings: LookupSettings<T, V>,
    out: (item: Item<LookedUp<T, V>>) => void,
  ) {
    this.#context = context;
    this.#settings = settings;
    this.#out = out;
    this.#cache = new AnswerCache(settings.atMost, settings.cacheMs);
    this.#questions = new Questions(settings, context.services.timers, () => this.#advance());
  }

  rows(lent: Rows<T>): void {
    const item = keptRows(lent);
    const place: Place<T, V> = {
      item,
      known: Array.from({ length: item.size }, () => undefined),
      failures: [],
      open: 0,
      release: item.size > 0 ? this.#context.hold() : nothing,
    };
    this.#line.push(place);
    for (let index = 0; index < item.size; index++) this.#want(place, item, index);
    this.#questions.ask();
    this.#advance();
  }

  barrier(barrier: Barrier): void {
    this.#line.push({ item: barrier, known: [], failures: [], open: 0, release: nothing });
    this.#advance();
  }

  #want(place: Place<T, V>, rows: Rows<T>, index: number): void {
    const row = rows.body.row(index);
    let key: string;
    try {
      key = this.#settings.key(row);
    } catch (error) {
      place.failures.push(failureAt(rows, index, error, row));
      return;
    }
    const heardAt = rows.heardAt[index]!;
    const cached = this.#cache.get(key, heardAt);
    if (cached !== undefined) {
      place.known[index] = { value: cached, outcome: 'cached' };
      return;
    }
    place.open += 1;
    const isAsked = this.#questions.want(key, (value) => {
      place.open -= 1;
      if (value === undefined) this.#fallBack(place, rows, index);
      else {
        if (isAsked) this.#cache.put(key, value, heardAt);
        place.known[index] = { value, outcome: 'answered' };
      }
    });
  }

  #fallBack(place: Place<T, V>, rows: Rows<T>, index: number): void {
    const row = rows.body.row(index);
    try {
      place.known[index] = { value: this.#settings.fallback(row), outcome: 'fallback' };
      this.#context.count('unanswered', 1);
    } catch (error) {
      place.failures.push(failureAt(rows, index, error, row));
    }
  }

  /** Lets out what is first in line and has its answers. Failures belong to the epoch of their rows. */
  #advance(): void {
    while (this.#line[0]?.open === 0) {
      const { item, known, failures, release } = this.#line.shift()!;
      for (const failure of failures) this.#context.fail(failure);
      if (item.kind === 'barrier') {
        this.#context.atBarrier(item.epoch);
        this.#out(item);
      } else this.#out(answered(item, known));
      release();
    }
  }
}

/** The rows that have an answer, with it. */
const answered = <T, V>(rows: Rows<T>, known: readonly (Known<V> | undefined)[]): Rows<LookedUp<T, V>> => {
  const values: LookedUp<T, V>[] = [];
  const indexes = new Int32Array(rows.size);
  for (let index = 0; index < rows.size; index++) {
    const answer = known[index];
    if (answer === undefined) continue;
    indexes[values.length] = index;
    values.push({ row: rows.body.row(index), value: answer.value, outcome: answer.outcome });
  }
  return rowsWith(rows, values, indexes);
};
