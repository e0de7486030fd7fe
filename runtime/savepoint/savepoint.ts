import { z } from 'zod';
import { stateGraph } from './graph.ts';

const FORMAT = 1;

const producerAt = z.object({
  epoch: z.int(),
  frontier: z.string(),
  state: z.object({ at: z.int(), end: z.int(), from: z.int(), parts: z.int() }).nullable(),
});

/**
 * What is written beside the state of a savepoint. One journal holds everything, so that a cut through it, an offset
 * for each partition at one moment, is a consistent state of all tasks together with what they had written by then.
 */
export const savepointFacts = z.object({
  format: z.literal(FORMAT),
  /** Made once, so that a data folder knows which savepoint it comes from, whatever that is called. */
  id: z.string(),
  name: z.string(),
  /** Log time, milliseconds. */
  at: z.number(),
  codeVersion: z.string(),
  partitions: z.int(),
  time: z.enum(['live', 'recorded', 'simulated']),
  /** How often the data folder had been rewound. */
  generation: z.int(),
  /** Ends by `topic/partition`, those of the state topics too. */
  cut: z.record(z.string(), z.number()),
  /** First offsets that its tasks would read, input and state, by `topic/partition`: the log keeps them as long as it. */
  holds: z.record(z.string(), z.number()),
  /** Where each task had come, by its last commit; only of a log that is taken back in its place, as one in Kafka is. */
  producers: z.record(z.string(), producerAt).optional(),
  graph: stateGraph,
  tasks: z.array(z.object({ name: z.string(), epoch: z.int(), bytes: z.int() })),
  /** Tables that hold what came after it; a rewind fills others. Null for the embedded ClickHouse. */
  tables: z.object({ url: z.string(), database: z.string() }).nullable(),
});
export type SavepointFacts = z.infer<typeof savepointFacts>;

export const savepointName = /^[a-z0-9][a-z0-9._-]{0,62}$/;
