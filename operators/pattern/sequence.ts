import { type Duration, durationMs } from '../../runtime/duration.ts';
import { ForewarnError } from '../../runtime/forewarn-error.ts';

/** Rows of a match so far, by the names of their steps. */
export type SoFar<T> = Readonly<Partial<Record<string, T>>>;
type Where<T> = (row: T, soFar: SoFar<T>) => boolean;

/** A row that must come. */
export interface Wanted<T> {
  readonly name: string;
  /** Sees the rows of the steps before it too. */
  readonly where: Where<T>;
  /** How long after the row of the step before it comes; not for the first step, which has none before it. */
  readonly within?: Duration;
}

/** A row that must not come between the steps that stand around it, or, as the last step, until its time is over. */
export interface Unwanted<T> {
  readonly not: string;
  readonly where: Where<T>;
  /** It matters for so long after the row of the step before it; otherwise until the next step. */
  readonly within?: Duration;
}

export type PatternStep<T> = Wanted<T> | Unwanted<T>;

export interface Refusal<T> {
  readonly where: Where<T>;
  readonly withinMs: number;
}
export interface Place<T> {
  readonly name: string;
  readonly where: Where<T>;
  readonly withinMs: number;
  /** Rows that must not come before it. */
  readonly refusals: readonly Refusal<T>[];
}

/** The steps of a pattern as they are run. */
export interface Sequence<T> {
  readonly places: readonly Place<T>[];
  /** Rows that must not come after the last place. */
  readonly refusals: readonly Refusal<T>[];
  readonly withinMs: number;
}

const msOf = (within: Duration | undefined): number => (within === undefined ? Infinity : durationMs(within));

/** Throws FW217 where the steps are no sequence that rows could match. */
export const sequenceOf = <T>(
  pattern: string,
  steps: readonly PatternStep<T>[],
  within: Duration,
): Sequence<T> => {
  const refuse = (what: string): never => {
    throw new ForewarnError('FW217', `pattern "${pattern}": ${what}`);
  };
  const places: Place<T>[] = [];
  let refusals: Refusal<T>[] = [];
  for (const step of steps) {
    const withinMs = msOf(step.within);
    const label = 'not' in step ? `not ${step.not}` : step.name;
    if ('not' in step) {
      if (places.length === 0)
        refuse(
          `it begins with "${label}", and before the first row nothing is remembered; begin with a row that comes`,
        );
      refusals.push({ where: step.where, withinMs });
      continue;
    }
    if (places.length === 0 && step.within !== undefined)
      refuse(`its first step "${label}" has a "within", and no step is before it; leave it out`);
    if (places.some(({ name }) => name === step.name))
      refuse(`two steps are named "${label}"; rows of a match are told apart by the names, choose another`);
    places.push({ name: step.name, where: step.where, withinMs, refusals });
    refusals = [];
  }
  if (steps.length < 2) refuse(`it has ${steps.length} steps; one row alone is found with where`);
  return { places, refusals, withinMs: durationMs(within) };
};
