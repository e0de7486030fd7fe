import type { ObjectAggregate } from './aggregate.ts';
import type { Moment } from './parts/in-order.ts';
import { wholeNumber } from './parts/whole-number.ts';

export interface CustomOptions<Row, State, Out> {
  /** As people read it in errors and drawings; 'custom' if not given. */
  readonly label?: string;
  /** The state of no rows. */
  readonly create: () => State;
  /** Adds a row in place, or answers a new state. */
  readonly add: (state: State, row: Row, moment: Moment) => State;
  /** Adds what `other` has seen, after what `state` has; `other` is left as it is. */
  readonly merge: (state: State, other: State) => State;
  readonly result: (state: State) => Out;
  /** Bytes that one state takes at most, in a checkpoint. The author's word: nobody measures it for each row. */
  readonly maxBytes: number;
  /** Plain data that shares nothing with the state; a structured clone if not given. */
  readonly encode?: (state: State) => unknown;
  readonly decode?: (encoded: unknown) => State;
}

/**
 * An aggregate of one's own, with an object a key and pane. The longest of the words so far:
 *
 * ```ts
 * custom({
 *   create: () => '',
 *   add: (longest, row: { readonly word: string }) => (row.word.length > longest.length ? row.word : longest),
 *   merge: (longest, other) => (other.length > longest.length ? other : longest),
 *   result: (longest) => longest,
 *   maxBytes: 200,
 * })
 * ```
 * over 'sea', 'harbour', 'ship' → 'harbour'. A hopping or session window merges its panes, so adding rows to one state
 * must equal merging the states of any split of them; and a row must count the same again in a replay: no clock, no chance.
 */
export const custom = <Row, State, Out>({
  label = 'custom',
  create,
  add,
  merge,
  result,
  maxBytes,
  encode = clone,
  decode = clone as (encoded: unknown) => State,
}: CustomOptions<Row, State, Out>): ObjectAggregate<Row, State, Out> => ({
  kind: 'object',
  label,
  field: null,
  maxBytes: wholeNumber(label, 'maxBytes', maxBytes),
  create,
  // The engine's types have seen to it that the rows are such.
  add: (state, rows, index) =>
    add(state, rows.row(index) as Row, { at: rows.at[index]!, heardAt: rows.heardAt[index]! }),
  merge,
  result,
  encode,
  decode,
});

const clone = (state: unknown): unknown => structuredClone(state);
