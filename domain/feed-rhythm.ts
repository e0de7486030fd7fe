import type { DetectionRules } from './detection-rules.ts';
import type { FeedBeat, FeedState } from './feed-state.ts';
import { stableId } from './stable-id.ts';

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;
const SLOT_MS = 3 * HOUR_MS;
const SLOTS_A_DAY = 8;
const SLOTS_KEPT = 7 * SLOTS_A_DAY;
const CARRIERS_KEPT = 200;

interface Pause {
  readonly at: number;
  readonly ms: number;
}

/** How one feed sends: all that is kept of it. */
export interface FeedRhythm {
  readonly firstAt: number;
  readonly lastAt: number;
  /** The longest pause that began in each three hours of the last week, by its number since 1970: nights are quieter. */
  readonly slots: readonly { readonly slot: number; readonly longestMs: number }[];
  /** The last silence that was raised: the like of it once more is a habit, such as a weekend. */
  readonly raised: Pause | null;
  readonly said: Pick<FeedState, 'state' | 'quietSince' | 'backAt'>;
  readonly carriers: readonly string[];
}

export interface FeedStep {
  readonly rhythm: FeedRhythm;
  /** What is new of it. */
  readonly news: FeedState | null;
  /** Log time at which it is silent unless it sends before; null while it is not known well enough. */
  readonly silentAt: number | null;
}

type FeedRules = DetectionRules['feed'];

const newRhythm = (now: number): FeedRhythm => ({
  firstAt: now,
  lastAt: now,
  slots: [],
  raised: null,
  said: { state: 'sending', quietSince: now, backAt: now },
  carriers: [],
});

/**
 * Learns 24 h, factor 2, at least 45 min: the longest pause of the week at this time of day, or in the three hours after it,
 * 30 min → silent after 60 min; 10 min → 45 min.
 */
const silentAt = ({ firstAt, lastAt, slots }: FeedRhythm, rules: FeedRules): number | null => {
  if (lastAt - firstAt < rules.learnHours * HOUR_MS) return null;
  const now = Math.floor(lastAt / SLOT_MS) % SLOTS_A_DAY;
  const next = (now + 1) % SLOTS_A_DAY;
  let longestMs = 0;
  for (const { slot, longestMs: one } of slots) {
    const ofDay = slot % SLOTS_A_DAY;
    if (ofDay === now || ofDay === next) longestMs = Math.max(longestMs, one);
  }
  return lastAt + Math.max(rules.atLeastMin * MINUTE_MS, rules.factor * longestMs);
};

const withPause = (slots: FeedRhythm['slots'], from: number, ms: number): FeedRhythm['slots'] => {
  const slot = Math.floor(from / SLOT_MS);
  const last = slots.at(-1);
  if (last?.slot === slot)
    return last.longestMs >= ms ? slots : [...slots.slice(0, -1), { slot, longestMs: ms }];
  return [...slots.filter((one) => one.slot > slot - SLOTS_KEPT), { slot, longestMs: ms }];
};

const stateOf = (feed: string, { said, carriers }: FeedRhythm, now: number): FeedState => ({
  id: stableId('feed', feed, said.state, now),
  at: now,
  heardAt: now,
  feed,
  ...said,
  carriers: [...carriers],
});

/** The feed has sent something at log time `now`. */
export const feedSent = (
  before: FeedRhythm | null,
  { feed, carriers: named }: FeedBeat,
  rules: FeedRules,
  now: number,
): FeedStep => {
  const known = before ?? newRhythm(now);
  const pauseMs = now - known.lastAt;
  const wasSilent = known.said.state === 'silent';
  const isHabit =
    known.raised !== null && now - known.raised.at <= 9 * DAY_MS && pauseMs < 1.5 * known.raised.ms;
  const isNew = named.some((one) => !known.carriers.includes(one));
  const rhythm: FeedRhythm = {
    firstAt: known.firstAt,
    lastAt: now,
    slots: wasSilent && !isHabit ? known.slots : withPause(known.slots, known.lastAt, pauseMs),
    raised: wasSilent ? { at: now, ms: pauseMs } : known.raised,
    said: wasSilent ? { state: 'sending', quietSince: known.lastAt, backAt: now } : known.said,
    carriers: isNew ? [...new Set([...known.carriers, ...named])].slice(-CARRIERS_KEPT) : known.carriers,
  };
  return {
    rhythm,
    news: wasSilent || isNew ? stateOf(feed, rhythm, now) : null,
    silentAt: silentAt(rhythm, rules),
  };
};

/** Nothing has come until now, which is longer than its feed ever paused. */
export const feedFellSilent = (before: FeedRhythm, feed: string, now: number): FeedStep => {
  const said = { state: 'silent', quietSince: before.lastAt, backAt: before.lastAt } as const;
  const rhythm: FeedRhythm = { ...before, said };
  return { rhythm, news: stateOf(feed, rhythm, now), silentAt: null };
};
