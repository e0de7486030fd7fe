import type { Aggregate } from '../../../operators/aggregates/aggregate.ts';
import type { ResultsOver } from '../../../operators/aggregates/aggregate-result.ts';
import { collect } from '../../../operators/aggregates/collect.ts';
import { count } from '../../../operators/aggregates/count.ts';
import { custom } from '../../../operators/aggregates/custom.ts';
import { type AtLeast, distinct } from '../../../operators/aggregates/distinct.ts';
import { distinctAbout } from '../../../operators/aggregates/distinct-about.ts';
import { first } from '../../../operators/aggregates/first.ts';
import { last } from '../../../operators/aggregates/last.ts';
import { max } from '../../../operators/aggregates/max.ts';
import { mean } from '../../../operators/aggregates/mean.ts';
import { min } from '../../../operators/aggregates/min.ts';
import { quantiles } from '../../../operators/aggregates/quantiles.ts';
import { sum } from '../../../operators/aggregates/sum.ts';
import { topK } from '../../../operators/aggregates/top-k.ts';
import { variance } from '../../../operators/aggregates/variance.ts';

// Checked by the compiler alone: each `@ts-expect-error` below is an error of its own as soon as the line compiles.
// Nothing here runs.

interface Scan {
  readonly at: number;
  readonly port: string | null;
  readonly price: number;
  readonly delayMin: number | null;
  readonly tags: readonly string[];
}

type Aggregates = Readonly<Record<string, Aggregate<never, unknown>>>;
type RowOf<A> = A extends Aggregate<infer In, unknown> ? (row: In) => void : never;
type RowFor<A extends Aggregates> = RowOf<A[keyof A]> extends (row: infer In) => void ? In : never;

/** As a window asks for them: all aggregates first, and then the rows, which must suit all of them. */
declare const over: <const A extends Aggregates>(
  aggregates: A,
) => <T extends RowFor<A>>(rows: readonly T[]) => ResultsOver<T, A>;
/** As a method of what has rows would. */
declare const aggregate: <const A extends Readonly<Record<string, Aggregate<Scan, unknown>>>>(
  aggregates: A,
) => ResultsOver<Scan, A>;
declare const scans: readonly Scan[];

declare const same: <Wanted>() => <Got>(
  got: Got,
  ...differ: [Wanted, Got] extends [Got, Wanted] ? [] : [never]
) => void;

export const compile = (): void => {
  const wanted = {
    rows: count(),
    ports: count('port'),
    total: sum('price'),
    least: min('delayMin'),
    greatest: max('delayMin'),
    usual: mean('price'),
    spread: variance('price', { sample: true }),
    from: first('port'),
    to: last('delayMin'),
    different: distinct('port', { atMost: 100 }),
    about: distinctAbout('port'),
    delay: quantiles('delayMin', { of: { median: 0.5, p99: 0.99 } }),
    best: topK('price', { k: 3 }),
    all: collect({ atMost: 10, past: 'fail' }),
    names: collect('port', { atMost: 10, past: 'drop oldest' }),
    own: custom({
      create: () => 0,
      add: (n, row: Scan) => n + row.tags.length,
      merge: Math.max,
      result: String,
      maxBytes: 9,
    }),
  };
  interface Answer {
    readonly rows: number;
    readonly ports: number;
    readonly total: number | null;
    readonly least: number | null;
    readonly greatest: number | null;
    readonly usual: number | null;
    readonly spread: number | null;
    readonly from: string | null;
    readonly to: number | null;
    readonly different: number | AtLeast;
    readonly about: number;
    readonly delay: { readonly median: number | null; readonly p99: number | null };
    readonly best: readonly Scan[];
    readonly all: readonly Scan[];
    readonly names: readonly string[];
    readonly own: string;
  }
  same<Answer>()(aggregate(wanted) satisfies Answer);
  same<Answer>()(over(wanted)(scans) satisfies Answer);
};

const ofOtherRows = custom({
  create: () => 0,
  add: (total, row: { readonly cost: number }) => total + row.cost,
  merge: (total, other) => total + other,
  result: (total) => total,
  maxBytes: 9,
});

export const mustNotCompile = (): readonly unknown[] => [
  // @ts-expect-error the greatest of words
  aggregate({ top: max('port') }),
  // @ts-expect-error the sum of lists
  aggregate({ top: sum('tags') }),
  // @ts-expect-error a scan has no field "cost"
  aggregate({ top: min('cost') }),
  // @ts-expect-error a scan has no field "cost"
  aggregate({ top: count('cost') }),
  // @ts-expect-error a scan has no field "cost"
  aggregate({ top: first('cost') }),
  // @ts-expect-error a scan has no field "cost"
  aggregate({ top: collect('cost', { atMost: 1, past: 'fail' }) }),
  // @ts-expect-error lists are never the same as others
  aggregate({ top: distinct('tags', { atMost: 5 }) }),
  // @ts-expect-error the quantile of words
  aggregate({ top: quantiles('port', { of: { median: 0.5 } }) }),
  // @ts-expect-error ranked by words
  aggregate({ top: topK('port', { k: 1 }) }),
  // @ts-expect-error an aggregate of other rows
  aggregate({ top: ofOtherRows }),
  // @ts-expect-error a scan has no field "cost", though it has the other one
  over({ top: max('price'), least: min('cost') })(scans),
  // @ts-expect-error words, though there are numbers too
  over({ top: max('price'), least: min('port') })(scans),
  // @ts-expect-error no bound
  distinct('port'),
  // @ts-expect-error no bound
  distinct('port', {}),
  // @ts-expect-error nothing said about what is past the bound
  collect({ atMost: 7 }),
  // @ts-expect-error no number of rows
  topK('price', {}),
];
