import { type Duration, durationMs } from '../runtime/duration.ts';
import { joinFlows, type Keyed } from '../runtime/flow.ts';
import type { Key } from '../runtime/item.ts';
import { operateAll } from '../runtime/operate.ts';
import type { Step } from '../runtime/step.ts';
import { IntervalJoinRun, type IntervalJoinSettings } from './join/interval-join-run.ts';
import { type LateSides, withLateSides } from './join/late-sides.ts';
import type { JoinMode } from './keyed-process.ts';

interface Interval {
  readonly name: string;
  /** A right row may lie so much before the left one, that moment included; nothing where it is not said. */
  readonly before?: Duration;
  /** A right row may lie so much after the left one, that moment included; nothing where it is not said. */
  readonly after?: Duration;
  /** `available`, the default, answers at once; `ordered` waits for the watermark and answers in order of event time. */
  readonly mode?: JoinMode;
}

export interface IntervalJoinOptions<L, R, Out> extends Interval {
  readonly how?: 'inner';
  /** What must hold of a pair beside key and time. */
  readonly where?: (left: L, right: R) => boolean;
  readonly select: (left: L, right: R) => Out;
}

export interface LeftIntervalJoinOptions<L, R, Out> extends Interval {
  readonly how: 'left';
  readonly where?: (left: L, right: R) => boolean;
  /** `right` is null for a left row that found none in its time. */
  readonly select: (left: L, right: R | null) => Out;
}

/**
 * Pairs of rows of one key whose event times lie close: right.at in [left.at − before; left.at + after], both ends
 * within.
 * before 10: left at 20 → right at 10, 15, 20, not at 9 or 21.
 * A pair's event time is the later of the two. With `how: 'left'` a left row that found none comes out alone once the
 * watermark has passed left.at + after, which is its event time then. State: the rows that one of the other side that
 * is not late may still reach; they go as the watermark rises. Late rows leave by `.late.left` and `.late.right`.
 * Guarantee: each pair once; a pair on which `where` or `select` throws goes to dead letters.
 */
export function intervalJoin<L, R, Out, K extends Key, Name extends string>(
  left: Keyed<L, K, Name>,
  right: Keyed<R, NoInfer<K>>,
  options: IntervalJoinOptions<L, R, Out>,
): Keyed<Out, K, Name> & LateSides<L, R>;
export function intervalJoin<L, R, Out, K extends Key, Name extends string>(
  left: Keyed<L, K, Name>,
  right: Keyed<R, NoInfer<K>>,
  options: LeftIntervalJoinOptions<L, R, Out>,
): Keyed<Out, K, Name> & LateSides<L, R>;
export function intervalJoin<L, R, Out, K extends Key, Name extends string>(
  left: Keyed<L, K, Name>,
  right: Keyed<R, K>,
  options: IntervalJoinOptions<L, R, Out> | LeftIntervalJoinOptions<L, R, Out>,
): Keyed<Out, K, Name> & LateSides<L, R> {
  const { name, before, after, mode = 'available', how = 'inner' } = options;
  const settings: IntervalJoinSettings = {
    beforeMs: before === undefined ? 0 : durationMs(before),
    afterMs: after === undefined ? 0 : durationMs(after),
    where: options.where ?? null,
    select: options.select as IntervalJoinSettings['select'],
    mode,
    isLeft: how === 'left',
  };
  const step: Step<never, Out, 'keyed'> = {
    verb: 'interval join',
    name,
    stateful: true,
    async: false,
    eventTime: true,
    detail: `${how}, [-${before ?? '0ms'}; +${after ?? '0ms'}], ${mode}`,
    faults:
      before === undefined && after === undefined
        ? [
            'neither "before" nor "after" is given, so rows would be kept for ever; say how far apart a pair may lie',
          ]
        : [],
    make: (context) => (inputs) =>
      operateAll<unknown, Out>(
        inputs as never,
        (out) => new IntervalJoinRun(context, settings, out as never),
      ),
  };
  return withLateSides<Out, L, R, K, Name>(joinFlows<Out, K, Name>([left, right], step, left.keyName));
}
