import type { Aggregate } from './aggregate.ts';

declare const field: unique symbol;
declare const row: unique symbol;

/** Types only: stands for what field F holds, for `first('port')` does not know the rows it will be taken of. */
export interface FieldValue<F extends string> {
  readonly [field]: F;
}

/** Types only: stands for a whole row. */
export interface WholeRow {
  readonly [row]: true;
}

/** What an aggregate answers over rows of type T: over scans, `FieldValue<'port'> | null` becomes `string | null`. */
export type ResultOver<T, Out> =
  Out extends FieldValue<infer F>
    ? F extends keyof T
      ? NonNullable<T[F]>
      : unknown
    : Out extends WholeRow
      ? T
      : Out extends readonly (infer Each)[]
        ? readonly ResultOver<T, Each>[]
        : Out;

/** `{ top: max('price'), port: last('port') }` over scans → `{ top: number | null, port: string | null }`. */
export type ResultsOver<T, A extends Readonly<Record<string, Aggregate<never, unknown>>>> = {
  readonly [K in keyof A]: A[K] extends Aggregate<never, infer Out> ? ResultOver<T, Out> : never;
};
