import { z } from 'zod';
import { ForewarnError } from '../../runtime/forewarn-error.ts';

const before = z.object({
  format: z.literal(1),
  epoch: z.int().min(0),
  actions: z.int().min(0),
  results: z.int().min(0),
  attempts: z.int().min(0),
});

const outboxPosition = z.object({
  format: z.literal(2),
  epoch: z.int().min(0),
  /** Every action that is due by its last version and has no result has its first version at or above this offset. */
  actions: z.int().min(0),
  /** Every dispatch whose last version lies below this offset is settled. */
  dispatches: z.int().min(0),
  /** Results and attempts of what is not settled lie at or above these. */
  results: z.int().min(0),
  attempts: z.int().min(0),
});

/** How far a partition's dispatcher has come: what it commits to the log, and starts from. */
export type OutboxPosition = z.infer<typeof outboxPosition>;

export const startPosition: OutboxPosition = {
  format: 2,
  epoch: 0,
  actions: 0,
  dispatches: 0,
  results: 0,
  attempts: 0,
};

export const encodePosition = (position: OutboxPosition): Uint8Array =>
  new TextEncoder().encode(JSON.stringify(position));

/** Format 1 knew no dispatches: what was due then has one from the beginning of its topic on. */
const positionOf = z.union([
  outboxPosition,
  before.transform((old): OutboxPosition => ({ ...old, format: 2, dispatches: 0 })),
]);

export const decodePosition = (state: Uint8Array | undefined, producer: string): OutboxPosition => {
  if (state === undefined) return startPosition;
  try {
    return positionOf.parse(JSON.parse(new TextDecoder().decode(state)));
  } catch (cause) {
    throw new ForewarnError('FW105', `state of "${producer}" is not one of this version`, { cause });
  }
};
