import { durationMs } from '../runtime/duration.ts';
import { ForewarnError } from '../runtime/forewarn-error.ts';
import { joinFlows, type Keyed, sideOf, type Windowed } from '../runtime/flow.ts';
import type { Item, Key } from '../runtime/item.ts';
import { operate } from '../runtime/operate.ts';
import type { Step, StepContext } from '../runtime/step.ts';
import { describeWindow } from '../runtime/window-spec.ts';
import type { Aggregate } from './aggregates/aggregate.ts';
import type { ResultsOver } from './aggregates/aggregate-result.ts';
import { CountWindowRun } from './window/count-window-run.ts';
import { Records, type Results } from './window/records.ts';
import { SessionRun } from './window/session-run.ts';
import { TimeWindowRun } from './window/time-window-run.ts';
import type { WindowBounds, WindowOptions, WindowResults } from './window/windowed.ts';

type Aggregates = Readonly<Record<string, Aggregate<never, unknown>>>;
type RowOf<A> = A extends Aggregate<infer In, unknown> ? (row: In) => void : never;
/** Rows of which all of these aggregates can be taken. */
export type RowFor<A extends Aggregates> = RowOf<A[keyof A]> extends (row: infer In) => void ? In : never;
type Flat<T> = { readonly [N in keyof T]: T[N] };
export type Aggregated<T, A extends Aggregates, K extends Key, Name extends string> = Flat<
  Readonly<Record<Name, K>> & WindowBounds & ResultsOver<T, A>
>;

/**
 * One row a key and window, with what the aggregates say of its rows.
 * size 10, count: a at 1, a at 9, a at 10, a at 25 → when the watermark passes 10: { windowStart 0, n 2 }, 20: { n 1 },
 * 30: { n 1 }. The result's event time is the last moment of the window. State: a record for each key in each open
 * pane; a pane is open until the last window over it, and its lateness, have passed. Late rows leave by `.late`.
 */
export const aggregate =
  <const A extends Aggregates>(name: string, aggregates: A, options: WindowOptions = {}) =>
  <T extends RowFor<A>, K extends Key, Name extends string>(
    windowed: Windowed<T, K, Name>,
  ): WindowResults<Aggregated<T, A, K, Name>, T, K, Name> =>
    windowStep<Aggregated<T, A, K, Name>, T, K, Name>(windowed, name, {
      verb: 'aggregate',
      detail: Object.entries(aggregates)
        .map(([field, { label }]) => `${field} = ${label}`)
        .join(', '),
      aggregates,
      options,
      beforeRekey: null,
      rowsOf: null,
    });

export interface WindowVerb {
  readonly verb: string;
  readonly detail: string;
  readonly aggregates: Aggregates;
  readonly options: WindowOptions;
  readonly beforeRekey: Step<never, unknown>['beforeRekey'] | null;
  /** Null where a result is the row itself. */
  readonly rowsOf: ((results: Results) => readonly unknown[]) | null;
}

/** The step of a verb over windows. Throws FW213 where its times do not fit each other. */
export const windowStep = <Out, T, K extends Key, Name extends string>(
  { keyed, spec }: Windowed<T, K, Name>,
  name: string,
  verb: WindowVerb,
): WindowResults<Out, T, K, Name> => {
  const latenessMs = verb.options.lateness === undefined ? 0 : durationMs(verb.options.lateness);
  const earlyMs = verb.options.early === undefined ? null : durationMs(verb.options.early);
  if (earlyMs !== null && earlyMs <= 0)
    throw new ForewarnError(
      'FW213',
      `step "${name}": early results every ${verb.options.early}; give more than nothing`,
    );
  if (spec.kind === 'count' && (latenessMs > 0 || earlyMs !== null)) {
    throw new ForewarnError(
      'FW213',
      `step "${name}": a window of rows has no end in time, so lateness and early results mean nothing; leave them out`,
    );
  }
  const taken = [keyed.keyName, 'windowStart', 'windowEnd', 'firing'].find(
    (field) => field in verb.aggregates,
  );
  if (taken !== undefined && verb.rowsOf === null) {
    throw new ForewarnError(
      'FW213',
      `step "${name}": a result carries "${taken}" by itself; give the aggregate another name`,
    );
  }
  const make = (context: StepContext, out: (item: Item<unknown>) => void) => {
    const settings = {
      records: new Records(verb.aggregates),
      keyName: keyed.keyName,
      latenessMs,
      earlyMs,
      rowsOf: verb.rowsOf,
    };
    switch (spec.kind) {
      case 'time':
        return new TimeWindowRun(context, { ...settings, spec }, out);
      case 'session':
        return new SessionRun(context, { ...settings, spec }, out);
      case 'count':
        return new CountWindowRun(context, { ...settings, spec }, out);
    }
  };
  const step: Step<never, Out, 'keyed'> = {
    verb: verb.verb,
    name,
    stateful: true,
    async: false,
    eventTime: true,
    columns: 'read',
    detail: [describeWindow(spec), verb.detail, latenessMs > 0 ? `lateness ${verb.options.lateness}` : '']
      .filter((part) => part !== '')
      .join(', '),
    counts: ['late', 'revised', 'expired'],
    stateShape: `${describeWindow(spec)}, ${verb.detail}`,
    faults: [],
    ...(verb.beforeRekey === null || verb.beforeRekey === undefined ? {} : { beforeRekey: verb.beforeRekey }),
    make: (context) => (inputs) =>
      inputs[0]!.pipe(operate<unknown, unknown>((out) => make(context, out)) as never),
  };
  const results = joinFlows<Out, K, Name>([keyed], step, keyed.keyName);
  return withLate<Out, T, K, Name>(results);
};

/** The way of the late rows is part of the graph only where somebody takes it. */
const withLate = <Out, T, K extends Key, Name extends string>(
  results: Keyed<Out, K, Name>,
): WindowResults<Out, T, K, Name> =>
  Object.defineProperty(results, 'late', { get: () => sideOf<T>(results, 'late') }) as WindowResults<
    Out,
    T,
    K,
    Name
  >;
