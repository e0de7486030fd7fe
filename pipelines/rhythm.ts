import { type Followed, followEvent, followPlan, forgetAt, notFollowed } from '../domain/follow.ts';
import { isImported } from '../domain/history.ts';
import type { Moving } from '../domain/moving.ts';
import { hearingLadderOf, ladderOf, type ScanGap, type ScanRhythm } from '../domain/scan-rhythm.ts';
import type { TrackingEvent } from '../domain/tracking-event.ts';
import { aggregate } from '../operators/aggregate.ts';
import { count } from '../operators/aggregates/count.ts';
import { quantiles } from '../operators/aggregates/quantiles.ts';
import { keyedProcess, rowsOf } from '../operators/keyed-process.ts';
import { map } from '../operators/map.ts';
import { pipeline } from '../runtime/pipeline.ts';
import { hopping } from '../runtime/window-spec.ts';
import { plans, scanRhythms, tracking } from './topics.ts';

const REMEMBERED_MS = 30 * 86_400_000;

/**
 * What is usual: how long after they were expected scans of each carrier, lane and leg were heard, over the last four
 * weeks, and how long after it happened a delivery was; told anew each day. A scan of the 3rd counts from the 4th on and until the 31st. State: a shipment's progress
 * while it is under way; a sketch for each key and day.
 */
export const rhythm = () =>
  pipeline('rhythm', { from: { tracking, plans } }, (from) => {
    const gaps = keyedProcess('awaited', {
      inputs: {
        events: from.tracking.keyBy((event) => event.shipmentId ?? ''),
        plans: from.plans.keyBy('shipmentId'),
      },
      emits: rowsOf<ScanGap>(),
      initial: notFollowed as Followed,
      on: {
        events: (event, context) => {
          const { state, moving } = followEvent(context.state, event, context.now);
          context.set(state);
          const until = moving === null ? context.now + REMEMBERED_MS : forgetAt(moving, context.now);
          context.timer('forget', until);
          // When history was imported tells nothing of how long its scans took to be heard.
          if (moving === null || isImported(event.source)) return;
          gapsOf(moving).forEach(context.emit);
          hearingsOf(moving, event, context.now).forEach(context.emit);
        },
        plans: (plan, context) => {
          const { state, moving } = followPlan(context.state, plan, context.now);
          context.set(state);
          context.timer('forget', forgetAt(moving, context.now));
        },
      },
      onTimer: (_, context) => context.drop(),
    });
    const usual = gaps
      .rekey('by-lane', 'key')
      .window(hopping('28d', '1d'))
      .through(
        aggregate('usual', {
          scans: count(),
          gap: quantiles('gapMin', {
            of: { p90: 0.9, p95: 0.95, p98: 0.98, p99: 0.99, p995: 0.995 },
            maxBins: 256,
          }),
        }),
      );
    return [
      usual
        .through(map(({ key, windowEnd, scans, gap }): ScanRhythm => ({ key, at: windowEnd, scans, ...gap })))
        .to(scanRhythms),
    ];
  });

/** How long the milestone was awaited, once for each rung of the ladder on which its like is looked up. */
const gapsOf = ({ plan, gap }: Moving): readonly ScanGap[] =>
  gap === null ? [] : ladderOf(plan, gap.step).map((key) => ({ key, gapMin: gap.gapMin }));

/** How long after it happened the delivery was heard of; nothing of all else, of what is said again, and of a day without a time. */
const hearingsOf = (
  { plan, ended, advanced }: Moving,
  event: TrackingEvent,
  now: number,
): readonly ScanGap[] => {
  const isFirst = ended && advanced && event.status === 'delivered' && event.retracts === null;
  if (!isFirst || event.precision === 'day') return [];
  const gapMin = Math.max(0, now - event.at) / 60_000;
  return hearingLadderOf(plan).map((key) => ({ key, gapMin }));
};
