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

/** The pauses that began in three hours, by the number of these since 1970: how many, how long in all, and the longest. */
interface Slot {
  readonly slot: number;
  readonly longestMs: number;
  /** Absent in state of before they were counted, which tells the longest one alone. */
  readonly pauses?: number;
  readonly sumMin?: number;
  readonly squaresMin2?: number;
}

/** How one feed sends: all that is kept of it. */
export interface FeedRhythm {
  readonly firstAt: number;
  readonly lastAt: number;
  /** Its pauses in the last week, by the three hours in which they began: nights are quieter. */
  readonly slots: readonly Slot[];
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
 * From how long a pause on it is silence, by its pauses of a time of day; null where they are too few to tell. A feed that
 * sends by the clock pauses hardly longer than it ever did; in one that sends what happens, pauses far above the mean come
 * by chance, and the wider they spread, the more of it is chance. Factor 2, spread 13: every 30 min, without spread → 60 min ·
 * on average every 5 min, spread 5 → 70 min.
 */
const silenceMs = (slots: readonly Slot[], rules: FeedRules): number | null => {
  let [pauses, sumMin, squaresMin2, longestMs] = [0, 0, 0, 0];
  for (const slot of slots) {
    pauses += slot.pauses ?? 0;
    sumMin += slot.sumMin ?? 0;
    squaresMin2 += slot.squaresMin2 ?? 0;
    longestMs = Math.max(longestMs, slot.longestMs);
  }
  if (pauses < rules.leastPauses) return null;
  const meanMin = sumMin / pauses;
  const spreadMin = Math.sqrt(Math.max(0, squaresMin2 / pauses - meanMin * meanMin));
  return Math.max(rules.factor * longestMs, (meanMin + rules.spread * spreadMin) * MINUTE_MS);
};

/**
 * By its pauses of the week that began at this time of day or in the three hours after it; by all of its week where these are
 * too few, as they are for a feed that sends some times a day; never where those are too few as well.
 */
const silentAt = ({ firstAt, lastAt, slots }: FeedRhythm, rules: FeedRules): number | null => {
  if (lastAt - firstAt < rules.learnHours * HOUR_MS) return null;
  const now = Math.floor(lastAt / SLOT_MS) % SLOTS_A_DAY;
  const next = (now + 1) % SLOTS_A_DAY;
  const of = (wanted: number): number | null =>
    silenceMs(
      slots.filter(({ slot }) => slot % SLOTS_A_DAY === wanted),
      rules,
    );
  const [today, later] = [of(now), of(next)];
  const ms = today === null || later === null ? silenceMs(slots, rules) : Math.max(today, later);
  return ms === null ? null : lastAt + Math.max(rules.atLeastMin * MINUTE_MS, ms);
};

const withPause = (slots: FeedRhythm['slots'], from: number, ms: number): FeedRhythm['slots'] => {
  const slot = Math.floor(from / SLOT_MS);
  const min = ms / MINUTE_MS;
  const last = slots.at(-1);
  if (last?.slot !== slot) {
    const first = { slot, pauses: 1, sumMin: min, squaresMin2: min * min, longestMs: ms };
    return [...slots.filter((one) => one.slot > slot - SLOTS_KEPT), first];
  }
  const grown = {
    slot,
    pauses: (last.pauses ?? 0) + 1,
    sumMin: (last.sumMin ?? 0) + min,
    squaresMin2: (last.squaresMin2 ?? 0) + min * min,
    longestMs: Math.max(last.longestMs, ms),
  };
  return [...slots.slice(0, -1), grown];
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
  // The first document ends no pause, and a silence that was raised is none of its own.
  const isNoHabit = before === null || (wasSilent && !isHabit);
  const isNew = named.some((one) => !known.carriers.includes(one));
  const rhythm: FeedRhythm = {
    firstAt: known.firstAt,
    lastAt: now,
    slots: isNoHabit ? known.slots : withPause(known.slots, known.lastAt, pauseMs),
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

/** Nothing has come until now, which is longer than its feed pauses by chance. */
export const feedFellSilent = (before: FeedRhythm, feed: string, now: number): FeedStep => {
  const said = { state: 'silent', quietSince: before.lastAt, backAt: before.lastAt } as const;
  const rhythm: FeedRhythm = { ...before, said };
  return { rhythm, news: stateOf(feed, rhythm, now), silentAt: null };
};
