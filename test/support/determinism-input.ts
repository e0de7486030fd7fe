import type { Chance } from './disturbed-log.ts';
import { left, notes, right } from './determinism-pipelines.ts';
import { type Heard, heard } from './law-topics.ts';

const KEYS = ['a', 'b', 'c', 'd', 'e', 'f', 'g'];
/** Longer than it takes a silent input to hold nothing back any more. */
const SILENCE_MS = 7_500;
/** After it come only rows that let out what still waits. */
const FLUSH_MS = 60_000;
const LATER_ROUNDS = 15;
const ROUND_MS = 3_000;
export const LATER_ROWS = 2 * KEYS.length * LATER_ROUNDS;

export interface StoryOptions {
  readonly rows: number;
  /** How far behind the newest one a row may lie, ms; past what the topics say, some are late. */
  readonly disorderMs: number;
  /** Rows come again, with the event time that they had: some of those are late too. */
  readonly repeats: boolean;
  /** One input, or all of them, say nothing for longer than they are waited for. */
  readonly silences: boolean;
}

/**
 * Recorded input: two topics and a table, rows out of order, rows that come again, long silences of one input or of all
 * of them, and after a pause a row for each key, so that whatever still
 * waited is due.
 */
export const recordedStory = (
  chance: Chance,
  { rows, disorderMs, repeats, silences }: StoryOptions,
): readonly Heard[] => {
  const told: Heard[] = [];
  let now = 100_000;
  let rightIsSilentUntil = 0;
  for (let index = 0; index < rows; index++) {
    now += 1 + (chance(4) === 0 ? 0 : chance(300)) + (silences && chance(80) === 0 ? SILENCE_MS : 0);
    if (silences && chance(60) === 0) rightIsSilentUntil = now + SILENCE_MS + chance(6_000);
    const behind = chance(3) === 0 ? 0 : chance(chance(10) === 0 ? disorderMs : Math.min(900, disorderMs));
    const again = repeats && chance(12) === 0 ? told[told.length - 1 - chance(6)] : undefined;
    const into = chance(15) === 0 ? notes : chance(5) < 3 || now < rightIsSilentUntil ? left : right;
    if (again !== undefined) told.push({ ...again, heardAt: now });
    else if (into === notes) told.push(heard(notes, now, `n${chance(2)}`, chance(9)));
    else told.push(heard(into, now, KEYS[chance(KEYS.length)]!, chance(14), now - behind));
  }
  if (!silences) return [...told, ...laterRows(now + 500)];
  now += FLUSH_MS;
  for (const key of KEYS) for (const into of [left, right]) told.push(heard(into, (now += 20), key, 3));
  for (let last = 0; last < 3; last++) told.push(heard(left, (now += FLUSH_MS), 'z', 3));
  return told;
};

/** Rows of all keys for a while, without a pause that would make an input idle before the others. */
const laterRows = (from: number): readonly Heard[] =>
  Array.from({ length: LATER_ROUNDS }, (_, round) =>
    KEYS.flatMap((key, index) =>
      [left, right].map((into, side) => heard(into, from + round * ROUND_MS + index * 20 + side, key, 3)),
    ),
  ).flat();
