import { silentFeed } from '../domain/detection/silent-feed.ts';
import { feedFellSilent, type FeedRhythm, feedSent, type FeedStep } from '../domain/feed-rhythm.ts';
import type { FeedState } from '../domain/feed-state.ts';
import type { Rules } from '../domain/rules.ts';
import { map } from '../operators/map.ts';
import { keyedProcess, rowsOf } from '../operators/keyed-process.ts';
import { where } from '../operators/where.ts';
import { pipeline } from '../runtime/pipeline.ts';
import { rulesNow, rulesTable } from './rules-table.ts';
import { feedBeats, feeds as feedStates, rulesInForce, signals } from './topics.ts';

/** A feed that was given up, or sends once a month, is learned anew. */
const FORGOTTEN_AFTER = '45d';

/**
 * Whether each feed sends as it used to. One that does not is one exception; and `watch`, which is told, draws no
 * conclusion from the silence about shipments that depend on it. State: seven numbers and the carriers of each feed.
 */
export const feeds = (atStart: Rules) =>
  pipeline('feeds', { from: { rules: rulesInForce, beats: feedBeats } }, (from) => {
    const states = keyedProcess('feed', {
      inputs: { beats: from.beats.keyBy('feed') },
      tables: { rules: rulesTable(from.rules) },
      emits: rowsOf<FeedState>(),
      initial: null as FeedRhythm | null,
      ttl: FORGOTTEN_AFTER,
      on: {
        beats: (beat, context) => {
          const { detection } = rulesNow(context, atStart);
          take(feedSent(context.state, beat, detection.feed, context.now), context);
        },
      },
      onTimer: (_, context) => {
        if (context.state !== null) take(feedFellSilent(context.state, context.key, context.now), context);
      },
    });
    // A new carrier of a feed that sends is news to `watch` alone.
    const isChange = ({ state, backAt, at }: FeedState): boolean => state === 'silent' || backAt === at;
    return [states.to(feedStates), states.through(where(isChange), map(silentFeed)).to(signals)];
  });

const take = (
  { rhythm, news, silentAt }: FeedStep,
  context: {
    readonly set: (rhythm: FeedRhythm | null) => void;
    readonly emit: (state: FeedState) => void;
    readonly timer: (name: string, at: number | null) => void;
  },
): void => {
  context.set(rhythm);
  if (news !== null) context.emit(news);
  context.timer('silent', silentAt);
};
