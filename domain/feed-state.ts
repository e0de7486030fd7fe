import { z } from 'zod';
import { id, instant, word } from './schema.ts';

/** Whether a feed sends as it used to. A later one of the same feed replaces an earlier one. */
export const feedState = z.object({
  id,
  at: instant,
  heardAt: instant,
  feed: word,
  state: z.enum(['sending', 'silent']),
  /** Log time of the last document before its silence, and of the first after it; the same while it is silent. */
  quietSince: instant,
  backAt: instant,
  /** Carriers whose events come by it. */
  carriers: z.array(word),
});
export type FeedState = z.infer<typeof feedState>;

/** A document that a feed has sent, as much of it as tells how it sends. */
export const feedBeat = z.object({
  feed: word,
  at: instant,
  carriers: z.array(word),
});
export type FeedBeat = z.infer<typeof feedBeat>;
