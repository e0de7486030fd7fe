import { type Duration, durationMs } from '../runtime/duration.ts';
import { joinFlows, type Keyed } from '../runtime/flow.ts';
import type { Key } from '../runtime/item.ts';
import { operateAll } from '../runtime/operate.ts';
import type { Step } from '../runtime/step.ts';
import { describeWindow, type TimeWindows } from '../runtime/window-spec.ts';
import { type LateSides, withLateSides } from './join/late-sides.ts';
import { type WindowJoinKind, WindowJoinRun, type WindowJoinSettings } from './join/window-join-run.ts';
import type { WindowBounds } from './window/windowed.ts';

/** What each kind of join hands to `select`, before the window. */
interface Given<L, R> {
  readonly inner: readonly [left: L, right: R];
  readonly left: readonly [left: L, right: R | null];
  readonly outer: readonly [left: L | null, right: R | null];
  readonly semi: readonly [left: L];
  readonly anti: readonly [left: L];
}

export interface WindowJoinOptions<L, R, Out, How extends WindowJoinKind> {
  readonly name: string;
  readonly window: TimeWindows;
  /**
   * `inner`: pairs. `left`: pairs, and left rows without one. `outer`: pairs, and rows of both sides without one.
   * `semi`: left rows that have a partner, each once. `anti`: left rows that have none.
   */
  readonly how: How;
  readonly select: (...given: [...Given<L, R>[How], window: WindowBounds]) => Out;
  /**
   * For so long (event time) after its end a window is kept, and a row that comes for it makes the results that it adds,
   * with `firing: 'late'`; a pair then stands in place of what was said of its rows alone. Not with `anti`, which would
   * have to take rows back.
   */
  readonly lateness?: Duration;
}

/**
 * Rows of one key that lie in the same window, joined when the watermark passes its end.
 * size 10, inner: left at 3, right at 8 and 12 → when the watermark comes to 10: (3, 8).
 * Results come by (event time, key, order of arrival) of the left rows and then of the right ones; their event time is
 * the last moment of the window. State: the rows of the windows that are open, and of those that are kept for late rows;
 * each row once, however many windows it belongs to. Later rows leave by `.late.left` and `.late.right`.
 * Guarantee: each result once; what `select` throws on goes to dead letters.
 */
export const windowJoin = <L, R, Out, K extends Key, Name extends string, const How extends WindowJoinKind>(
  left: Keyed<L, K, Name>,
  right: Keyed<R, NoInfer<K>>,
  options: WindowJoinOptions<L, R, Out, How>,
): Keyed<Out, K, Name> & LateSides<L, R> => {
  const { name, window: spec, how, lateness } = options;
  const settings: WindowJoinSettings = {
    spec,
    how,
    latenessMs: lateness === undefined ? 0 : durationMs(lateness),
    select: options.select as WindowJoinSettings['select'],
  };
  const step: Step<never, Out, 'keyed'> = {
    verb: 'window join',
    name,
    stateful: true,
    async: false,
    eventTime: true,
    detail: [how, describeWindow(spec), lateness === undefined ? '' : `lateness ${lateness}`]
      .filter((part) => part !== '')
      .join(', '),
    faults:
      how === 'anti' && settings.latenessMs > 0
        ? ['a row that comes late would have to take results of "anti" back; leave the lateness out']
        : [],
    make: (context) => (inputs) =>
      operateAll<unknown, Out>(inputs as never, (out) => new WindowJoinRun(context, settings, out as never)),
  };
  return withLateSides<Out, L, R, K, Name>(joinFlows<Out, K, Name>([left, right], step, left.keyName));
};
