import { z } from 'zod';
import { ForewarnError } from '../../runtime/forewarn-error.ts';

const outboxPosition = z.object({
  format: z.literal(1),
  epoch: z.int().min(0),
  /** Every action whose last version lies below this offset of `actions` is settled. */
  actions: z.int().min(0),
  /** Results and attempts of what is not settled lie at or above these. */
  results: z.int().min(0),
  attempts: z.int().min(0),
});

/** How far a partition's dispatcher has come: what it commits to the log, and starts from. */
export type OutboxPosition = z.infer<typeof outboxPosition>;

export const startPosition: OutboxPosition = { format: 1, epoch: 0, actions: 0, results: 0, attempts: 0 };

export const encodePosition = (position: OutboxPosition): Uint8Array =>
  new TextEncoder().encode(JSON.stringify(position));

export const decodePosition = (state: Uint8Array | undefined, producer: string): OutboxPosition => {
  if (state === undefined) return startPosition;
  try {
    return outboxPosition.parse(JSON.parse(new TextDecoder().decode(state)));
  } catch (cause) {
    throw new ForewarnError('FW105', `state of "${producer}" is not one of this version`, { cause });
  }
};
