import { z } from 'zod';
import { topic, type Topic } from '../../runtime/topic.ts';

const noted = z.object({ at: z.number(), key: z.string(), n: z.number() });
export type Noted = z.infer<typeof noted>;
const said = z.object({ at: z.number(), key: z.string(), what: z.string() });
export type Said = z.infer<typeof said>;
const letter = z.object({ at: z.number(), stage: z.string(), reason: z.string(), row: z.unknown() });

/** What operators are tried on: two keyed topics, a table, and one topic for what comes out in words. */
export const left = topic('left', { schema: noted, key: (row) => row.key });
export const right = topic('right', { schema: noted, key: (row) => row.key });
export const notes = topic('notes', { schema: noted, key: (row) => row.key, broadcast: true });
export const out = topic('out', { schema: said, key: (row) => row.key });
export const letters = topic('letters', { schema: letter, key: () => 'all' });
export const lawTopics = { left: 1, right: 1, notes: 1, out: 1, letters: 1 };

/** A row as the log hears it. */
export interface Heard {
  readonly topic: Topic<Noted>;
  readonly heardAt: number;
  readonly row: Noted;
}

export const heard = (into: Topic<Noted>, heardAt: number, key: string, n: number, at = heardAt): Heard => ({
  topic: into,
  heardAt,
  row: { at, key, n },
});

/** The number on which every author's callback throws. */
export const POISON = 13;
export const refusePoison = ({ n }: Noted): number => {
  if (n === POISON) throw new Error('thirteen');
  return n;
};
