import type { Duration } from '../runtime/duration.ts';
import { type Flow, joinFlows, type Keyed, sideOf } from '../runtime/flow.ts';
import { ForewarnError } from '../runtime/forewarn-error.ts';
import type { Key } from '../runtime/item.ts';
import type { JoinMode } from './keyed-process.ts';
import { advance, begin, deadlineOf, isComplete, type OpenMatch } from './pattern/open-matches.ts';
import { type PatternStep, sequenceOf } from './pattern/sequence.ts';
import { keyedStep } from './process/keyed-step.ts';

type NamesOf<S extends readonly PatternStep<never>[]> = Extract<S[number], { readonly name: string }>['name'];

/** All steps came in their order and in time, and nothing came that must not. Times are those of the mode. */
export interface Matched<T, Names extends string> {
  readonly outcome: 'matched';
  readonly rows: { readonly [N in Names]: T };
  readonly startedAt: number;
  /** Time of the last row; of the end of the wait where the last step is a `not`. */
  readonly endedAt: number;
}

/** The first steps came and the next one did not in time. */
export interface TimedOut<T, Names extends string> {
  readonly outcome: 'timed out';
  readonly rows: { readonly [N in Names]?: T };
  readonly waitedFor: Names;
  readonly startedAt: number;
  readonly endedAt: number;
}

export interface PatternOptions<S, O extends boolean> {
  readonly name: string;
  readonly steps: S;
  /** From the first row of a match to its end. */
  readonly within: Duration;
  /** `available` (the default): rows in the order in which they were heard, and log time; `ordered`: event time. */
  readonly mode?: JoinMode;
  /**
   * Where the search goes on after a match: behind its last row (the default), or also with every row after its first,
   * so that matches may share rows.
   */
  readonly after?: 'skip past last' | 'next row';
  /** Matches that have begun, per key, 64 by default; a row that begins one too many goes to dead letters. */
  readonly maxOpen?: number;
  /** Says what timed out, too. */
  readonly timeouts?: O;
}

interface Search<T> {
  readonly open: readonly OpenMatch<T>[];
  /** Rows that were of use to the matches that are open. */
  readonly used: number;
}

export type PatternResult<T, S extends readonly PatternStep<never>[], O extends boolean> =
  | Matched<T, NamesOf<S>>
  | (O extends true ? TimedOut<T, NamesOf<S>> : never);

export type PatternResults<Out, T, K extends Key, Name extends string> = Keyed<Out, K, Name> & {
  /** Rows that came too late to be put in order; none in `available` mode. */
  readonly late: Flow<T>;
};

const MAX_OPEN = 64;
const NOTHING = { open: [], used: 0 } as const;

/**
 * Sequences of rows of a key, with time bounds and with rows that must not come. Each step takes the first row for it
 * after the row of the step before; rows of no use in between are passed over. A row is of use to a match once at
 * most; one that is both refused and wanted is refused. Bounds are half-open: a row at exactly the bound is too late.
 * picked up, not delivered, exception within 10: picked up at 1, exception at 4 → matched, 1 to 4 · picked up at 20,
 * delivered at 22, exception at 24 → nothing · picked up at 30, exception at 40 → timed out at 40.
 * A `not` at the end is matched when its time is over: picked up, not delivered within 10: picked up at 50 → matched at 60.
 * State: at most `maxOpen` begun matches a key, with their rows, each for `within`. What times out is counted `expired`.
 */
export const pattern = <
  T,
  K extends Key,
  Name extends string,
  const S extends readonly PatternStep<T>[],
  const O extends boolean = false,
>(
  flow: Keyed<T, K, Name>,
  options: PatternOptions<S, O>,
): PatternResults<PatternResult<T, S, O>, T, K, Name> => {
  const { name, steps, within, mode = 'available', after = 'skip past last', maxOpen = MAX_OPEN } = options;
  const sequence = sequenceOf<T>(name, steps, within);
  if (!Number.isSafeInteger(maxOpen) || maxOpen < 1)
    throw new ForewarnError(
      'FW217',
      `pattern "${name}": maxOpen is ${maxOpen}; begun matches are state, say how many`,
    );
  const step = keyedStep<T, Search<T>, Matched<T, string> | TimedOut<T, string>>({
    verb: 'pattern',
    name,
    detail: `${steps.map((one) => ('not' in one ? `not ${one.not}` : one.name)).join(', ')}, within ${within}`,
    mode,
    counts: ['expired'],
    // A match that has begun knows its rows by the names, and how many there are.
    stateShape: sequence.places.map((place) => place.name).join(', '),
    reactions: (task) => {
      /** The match is said; what began before its last row is over too, where the search skips past that. */
      const without = (open: readonly OpenMatch<T>[], match: OpenMatch<T>): readonly OpenMatch<T>[] =>
        open.filter((one) => one !== match && (after === 'next row' || one.first > match.last));
      const matched = ({ rows, startedAt }: OpenMatch<T>, endedAt: number): Matched<T, string> => ({
        outcome: 'matched',
        rows,
        startedAt,
        endedAt,
      });
      const next = (open: readonly OpenMatch<T>[]): number | null =>
        open.length === 0 ? null : Math.min(...open.map((one) => deadlineOf(sequence, one)));
      return {
        initial: NOTHING,
        row: (row, context) => {
          const { now, state } = context;
          const number = state.used;
          let open: readonly OpenMatch<T>[] = state.open.flatMap(
            (one) => advance(sequence, one, row, now, number) ?? [],
          );
          const complete = open.filter((one) => isComplete(sequence, one));
          for (const one of complete) {
            if (!open.includes(one)) continue;
            context.emit(matched(one, now));
            open = without(open, one);
          }
          const isFree = complete.length === 0 || after === 'next row';
          if (isFree && sequence.places[0]!.where(row, {})) {
            if (open.length >= maxOpen)
              throw new RangeError(`${open.length} matches of "${name}" have begun; no more are kept`);
            open = [...open, begin(sequence, row, now, number)];
          }
          if (open.length === state.open.length && open.every((one, at) => one === state.open[at])) return;
          if (open.length === 0) {
            context.drop();
            return;
          }
          context.set({ open, used: number + 1 });
          context.timer('deadline', next(open));
        },
        timer: (context) => {
          const { now, state } = context;
          let { open } = state;
          for (const one of state.open) {
            if (deadlineOf(sequence, one) > now || !open.includes(one)) continue;
            const missing = sequence.places[one.found];
            if (missing === undefined) {
              context.emit(matched(one, now));
              open = without(open, one);
              continue;
            }
            open = open.filter((other) => other !== one);
            task.count('expired', 1);
            if (options.timeouts !== true) continue;
            const { rows, startedAt } = one;
            context.emit({ outcome: 'timed out', rows, waitedFor: missing.name, startedAt, endedAt: now });
          }
          if (open.length === 0) {
            context.drop();
            return;
          }
          context.set({ ...state, open });
          context.timer('deadline', next(open));
        },
      };
    },
  });
  const results = joinFlows<PatternResult<T, S, O>, K, Name>([flow], step as never, flow.keyName);
  return withLate<PatternResult<T, S, O>, T, K, Name>(results);
};

const withLate = <Out, T, K extends Key, Name extends string>(
  results: Keyed<Out, K, Name>,
): PatternResults<Out, T, K, Name> =>
  Object.defineProperty(results, 'late', { get: () => sideOf<T>(results, 'late') }) as PatternResults<
    Out,
    T,
    K,
    Name
  >;
