import { type Duration, durationMs } from '../runtime/duration.ts';
import type { KeyField } from '../runtime/flow.ts';
import type { Barrier, Item, Key, Rows } from '../runtime/item.ts';
import { operate } from '../runtime/operate.ts';
import { pickRows } from '../runtime/rows/pick-rows.ts';
import type { Step, StepContext } from '../runtime/step.ts';
import { SeenIds } from './dedupe/seen-ids.ts';
import { failureAt } from './stateless.ts';

export interface DedupeOptions<T> {
  readonly name: string;
  /** What makes two rows of a key the same one: a field, or what a function says. Left out, the key itself does. */
  readonly by?: KeyField<T> | ((row: T) => Key);
  /** For so long (log time) after an id was let through its repetitions are recognised. */
  readonly within: Duration;
}

/**
 * Lets the first row of each id through and leaves out its repetitions.
 * within 10ms: a heard at 1, a at 5, b at 8, a at 10, a at 11, a at 12 → a at 1, b at 8, a at 11.
 * The time is log time: a document that is sent again a day later carries the event time of yesterday, and by event
 * time the memory of it would end just when it is wanted. Repetitions do not prolong it, so a sender that never
 * stops is heard once in `within`, and the state is one id for each row that was let through in the last `within`.
 * Equal content alone is never left out: an id says what is the same. A row without an id goes to dead letters.
 */
export const dedupe = <T>({ name, by, within }: DedupeOptions<T>): Step<T, T, 'keyed'> => {
  const withinMs = durationMs(within);
  const label = by === undefined ? 'key' : typeof by === 'string' ? by : 'a function';
  return {
    verb: 'dedupe',
    name,
    stateful: true,
    async: false,
    needs: 'keyed',
    columns: 'passed',
    detail: `by ${label}, within ${within}`,
    counts: ['duplicate'],
    stateShape: by === undefined ? 'keys' : 'ids of keys',
    faults: [],
    faultsAfter: (sources) =>
      sources
        .filter(({ disorderMs }) => disorderMs > withinMs)
        .map(
          ({ name: topic, disorderMs }) =>
            `repetitions are recognised within ${within}, and rows of topic "${topic}" may come ${disorderMs}ms out of order, so two of one id may be further apart; give at least ${disorderMs}ms`,
        ),
    make: (context) => (inputs) =>
      inputs[0]!.pipe(operate<T, T>((out) => new DedupeRun(context, by, withinMs, out)) as never),
  };
};

class DedupeRun<T> {
  readonly #context: StepContext;
  readonly #by: DedupeOptions<T>['by'];
  readonly #withinMs: number;
  readonly #out: (item: Item<T>) => void;
  readonly #seen = new SeenIds();

  constructor(
    context: StepContext,
    by: DedupeOptions<T>['by'],
    withinMs: number,
    out: (item: Item<T>) => void,
  ) {
    this.#context = context;
    this.#by = by;
    this.#withinMs = withinMs;
    this.#out = out;
    context.checkpoint('seen', this.#seen);
  }

  rows(rows: Rows<T>): void {
    const { size, heardAt, progress, last } = rows;
    const first = new Int32Array(size);
    let kept = 0;
    let repeated = 0;
    for (let index = 0; index < size; index++) {
      const now = heardAt[index]!;
      this.#seen.forget(now);
      try {
        if (this.#seen.add(this.#idOf(rows, index), now + this.#withinMs)) first[kept++] = index;
        else repeated += 1;
      } catch (error) {
        this.#context.fail(failureAt(rows, index, error));
      }
    }
    if (last && progress.size > 0) this.#seen.forget(progress.heardAt[progress.size - 1]!);
    if (repeated > 0) this.#context.count('duplicate', repeated);
    this.#out(kept === size ? rows : pickRows(rows, first, kept));
  }

  barrier(barrier: Barrier): void {
    this.#context.atBarrier(barrier.epoch);
    this.#out(barrier);
  }

  #idOf({ body, keys }: Rows<T>, index: number): Key {
    const key = keys![index]!;
    const by = this.#by;
    if (by === undefined) return key;
    const id: unknown = typeof by === 'string' ? body.value(by, index) : by(body.row(index));
    if (typeof id !== 'string' && (typeof id !== 'number' || Number.isNaN(id)))
      throw new TypeError(`its id is ${String(id)}, neither a string nor a number`);
    const of = String(key);
    // With the length no two pairs have one name, whatever is in them.
    return `${of.length}${typeof id === 'string' ? 's' : 'n'}${of}${id}`;
  }
}
