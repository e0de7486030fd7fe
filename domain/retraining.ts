import { z } from 'zod';
import { id, instant, text, word } from './schema.ts';

/**
 * That a model should be trained anew, and what became of it. One id from the request to its end; each step is a version
 * more. `requested` is written by `learn` or by a person, the rest by whoever trains; what a crash interrupts stays
 * requested and is begun again.
 */
export const retraining = z.object({
  id,
  version: z.int().min(1).meta({ column: 'UInt32' }),
  at: instant,
  heardAt: instant,
  model: word,
  state: z.enum(['requested', 'challenges', 'failed']),
  /** A person, or the part of Forewarn that asks. */
  by: word,
  /** Findings that led to it, in words; of a failure, what went wrong. */
  reason: text,
  /** Ids of the drift findings behind it. */
  findings: z.array(z.string()),
  /** When the world seems to have changed; null where nothing tells. */
  changedAt: instant.nullable(),
  /** What was trained; null before. */
  modelVersion: z.string().nullable(),
});
export type Retraining = z.infer<typeof retraining>;

/** The newest version of each, in the order in which they were asked for. */
export const latestRetrainings = (rows: Iterable<Retraining>): readonly Retraining[] => {
  const latest = new Map<string, Retraining>();
  for (const row of rows) {
    const known = latest.get(row.id);
    if (known === undefined || known.version < row.version) latest.set(row.id, row);
  }
  return [...latest.values()];
};
