import { type Duration, durationMs } from '../runtime/duration.ts';
import { type Flow, joinFlows, type Keyed, sideOf } from '../runtime/flow.ts';
import type { Key } from '../runtime/item.ts';
import { operateAll } from '../runtime/operate.ts';
import type { Step } from '../runtime/step.ts';
import type { AsOfSettings } from './join/as-of-table.ts';
import { AvailableAsOfRun } from './join/available-as-of-run.ts';
import { OrderedAsOfRun } from './join/ordered-as-of-run.ts';
import type { JoinMode } from './keyed-process.ts';

/** A row with the version of the table that goes with it; `revision` counts the answers before this one to the same row. */
export interface AsOf<L, R> {
  readonly left: L;
  readonly right: R;
  readonly revision: number;
}

type How = 'inner' | 'left';

export interface AsOfOptions<L, R, H extends How> {
  readonly name: string;
  /**
   * What is known of a key is forgotten so long after its last row of either side: log time, or event time where the
   * join is ordered. Versions that have been followed by others are kept for as long before the newest one.
   */
  readonly within: Duration;
  /** `available`, the default: with what was known when the row was heard. `ordered`: by event time alone. */
  readonly mode?: JoinMode;
  /** `left`: a row that finds no version comes out with null. `inner`, the default: it is given up. */
  readonly how?: H;
  /** The event time from which a row of the table holds; its own where nothing is said. */
  readonly validFrom?: (row: R) => number;
  /** A row of the table that takes back the version that holds from exactly this time; null for one that is a version. */
  readonly retracts?: (row: R) => number | null;
  /** What holds before a key's first version: that one (the default where answers are at once), or none. */
  readonly beforeFirst?: 'first' | 'none';
  /** How long a row waits (log time) for a version when there is none; `within` for inner joins, not at all for left ones. */
  readonly patience?: Duration;
  /** Rows of a key that may wait, and that may be kept to be revised. */
  readonly maxWaiting?: number;
  /** For so long (log time) an answered row is answered again when another version turns out to be the right one. */
  readonly reviseFor?: Duration;
  /** Called for each row that found nothing; again for the same row when a crash makes it be done again. */
  readonly missed?: (row: L) => void;
}

/**
 * The temporal join: each row with the version of a table of the same key that holds at its event time, the last that
 * began by then.
 * Versions from 10 and 20 · rows at 12, 19, 20 → (12, v10), (19, v10), (20, v20).
 * Available: a row is answered with what was known when it was heard. One that finds nothing waits for a version, at
 * most `patience` long and `maxWaiting` rows a key; one too many goes to dead letters. A version that is heard later,
 * or taken back, makes a revision for rows that it concerns, `reviseFor` long: version from 10 · row at 25 heard at
 * 26 → (25, v10) · version from 20 heard at 30 → (25, v20), revision 1. An answer's event time is that of the row that
 * brought it.
 * Ordered: versions and rows wait for the watermark and meet by event time, versions first, so that answers do not
 * depend on what was heard when; nothing is ever revised. Late rows of both sides leave by `.late`.
 * State: versions and rows as said, per key; forgotten `within` after the last row of either side.
 */
export const asOf = <L, R, K extends Key, Name extends string, const H extends How = 'inner'>(
  left: Keyed<L, K, Name>,
  right: Keyed<R, NoInfer<K>>,
  options: AsOfOptions<L, R, H>,
): Keyed<AsOf<L, H extends 'left' ? R | null : R>, K, Name> & { readonly late: Flow<L | R> } => {
  type Answer = AsOf<L, H extends 'left' ? R | null : R>;
  const { name, within, mode = 'available', how = 'inner', patience, reviseFor } = options;
  const { validFrom = null, retracts = () => null, missed = () => undefined } = options;
  const isOrdered = mode === 'ordered';
  const isLeft = how === 'left';
  const waitsFor = patience ?? (isLeft ? null : within);
  const settings: AsOfSettings = {
    name,
    isLeft,
    withinMs: durationMs(within),
    patienceMs: isOrdered || waitsFor === null ? null : durationMs(waitsFor),
    maxWaiting: options.maxWaiting ?? 1_000,
    reviseMs: reviseFor === undefined ? null : durationMs(reviseFor),
    takesFirst: (options.beforeFirst ?? (isOrdered ? 'none' : 'first')) === 'first',
    validFrom: validFrom as AsOfSettings['validFrom'],
    retracts: retracts as AsOfSettings['retracts'],
    missed: missed as AsOfSettings['missed'],
  };
  const step: Step<never, Answer, 'keyed'> = {
    verb: 'as of',
    name,
    stateful: true,
    async: false,
    eventTime: isOrdered,
    detail: [isLeft ? 'left' : '', `within ${within}`, isOrdered ? 'ordered' : '']
      .filter((part) => part !== '')
      .join(', '),
    counts: isOrdered ? ['late'] : [],
    faults: faultsOf(options),
    make: (context) => (inputs) =>
      operateAll<unknown, Answer>(inputs as never, (out) =>
        isOrdered
          ? new OrderedAsOfRun(context, settings, out as never)
          : new AvailableAsOfRun(context, settings, out as never),
      ),
  };
  // Of two at one moment the version comes first.
  const keyed = joinFlows<Answer, K, Name>([right, left], step, left.keyName);
  return Object.defineProperty(keyed, 'late', { get: () => sideOf<L | R>(keyed, 'late') }) as typeof keyed & {
    readonly late: Flow<L | R>;
  };
};

const faultsOf = <L, R, H extends How>({
  maxWaiting = 1_000,
  mode,
  reviseFor,
  patience,
}: AsOfOptions<L, R, H>): readonly string[] => [
  ...(Number.isSafeInteger(maxWaiting)
    ? []
    : [`maxWaiting is ${maxWaiting}; rows that wait are state, say how many may`]),
  ...(mode === 'ordered' && (reviseFor ?? patience) !== undefined
    ? ['an ordered join answers once, when nothing can come any more; leave reviseFor and patience out']
    : []),
];
