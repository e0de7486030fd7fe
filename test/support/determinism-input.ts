import type { Chance } from './disturbed-log.ts';
import { left, notes, right } from './determinism-pipelines.ts';
import { type Heard, heard } from './law-topics.ts';

const KEYS = [...'abcdefg'];
/** Longer than it takes a silent input to hold nothing back any more. */
const SILENCE_MS = 7_500;

export interface StoryOptions {
  readonly rows: number;
  /** How far behind the newest one a row may lie, ms; past what the topics say, some are late. */
  readonly disorderMs: number;
}

/**
 * Recorded input: two topics and a table, rows out of order, rows that come again, long silences of one input or of all
 * of them, and in the end a row for each key so far ahead that whatever still waited is due.
 */
export const recordedStory = (chance: Chance, { rows, disorderMs }: StoryOptions): readonly Heard[] => {
  const told: Heard[] = [];
  let now = 100_000;
  let rightIsSilentUntil = 0;
  for (let index = 0; index < rows; index++) {
    now += 1 + (chance(4) === 0 ? 0 : chance(300)) + (chance(80) === 0 ? SILENCE_MS : 0);
    if (chance(60) === 0) rightIsSilentUntil = now + SILENCE_MS + chance(6_000);
    const behind = chance(3) === 0 ? 0 : chance(chance(10) === 0 ? disorderMs : Math.min(900, disorderMs));
    const again = chance(12) === 0 ? told[told.length - 1 - chance(6)] : undefined;
    const into = chance(15) === 0 ? notes : chance(5) < 3 || now < rightIsSilentUntil ? left : right;
    if (again !== undefined) told.push({ ...again, heardAt: now });
    else if (into === notes) told.push(heard(notes, now, `n${chance(2)}`, chance(9)));
    else told.push(heard(into, now, KEYS[chance(KEYS.length)]!, chance(14), now - behind));
  }
  for (const key of KEYS)
    for (const into of [left, right]) told.push(heard(into, (now += 20), key, 3, now + 60_000));
  for (let last = 0; last < 3; last++) told.push(heard(left, (now += 30_000), 'z', 3, now));
  return told;
};
