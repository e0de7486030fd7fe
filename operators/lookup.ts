import { type Duration, durationMs } from '../runtime/duration.ts';
import { operate } from '../runtime/operate.ts';
import type { Step } from '../runtime/step.ts';
import { LookupRun } from './lookup/lookup-run.ts';

export interface LookupOptions<T, V> {
  readonly name: string;
  /** What is asked for a row. */
  readonly key: (row: T) => string;
  /** The service. What it has no answer for is missing in the map; `signal` says that nobody waits any more. */
  readonly ask: (keys: readonly string[], signal: AbortSignal) => Promise<ReadonlyMap<string, V>>;
  /** Answers are used again `for` so long (log time), the `atMost` of them that were used last. Without it, never. */
  readonly cache?: { readonly atMost: number; readonly for: Duration };
  /** Questions that are out at once; 4 where nothing is said. */
  readonly capacity?: number;
  /** Keys in a question; 256 where nothing is said. */
  readonly keysAtOnce?: number;
  /** An attempt that takes longer has failed. */
  readonly timeout: Duration;
  /** Attempts after the first; 2 where nothing is said. */
  readonly retries?: number;
  /** Speaks for a row when all attempts have failed. */
  readonly fallback: (row: T) => NoInfer<V> | null;
}

/** A row with what the service says of its key, null where it knows nothing of it, and how we came to it. */
export interface LookedUp<T, V> {
  readonly row: T;
  readonly value: V | null;
  readonly outcome: 'answered' | 'cached' | 'fallback';
}

/**
 * Look-up join with a service outside: each row with the answer for its key. Keys of the rows that wait are asked
 * together, and a key that is being asked is not asked again.
 * rows with keys a, b, a while nothing is out → one question: a, b; a fourth row with a waits for the same answer.
 * Rows come out in the order in which they went in, no control item passes one, and a barrier waits for what is under
 * way. A row on which `key` or `fallback` throws goes to dead letters. State: none in the checkpoint; the cache is
 * bounded and begins empty after a restart, so the outcome is recorded in the row. Guarantee: each row once; the service
 * may be asked again after a crash.
 */
export const lookup = <T, V>(options: LookupOptions<T, V>): Step<T, LookedUp<T, V>> => {
  const { name, cache, capacity = 4, keysAtOnce = 256, retries = 2 } = options;
  const settings = {
    ...options,
    capacity,
    keysAtOnce,
    retries,
    timeoutMs: durationMs(options.timeout),
    atMost: cache?.atMost ?? 0,
    cacheMs: cache === undefined ? 0 : durationMs(cache.for),
  };
  const counts = { capacity, keysAtOnce, 'cache.atMost': cache?.atMost ?? 1 };
  return {
    verb: 'look up',
    name,
    stateful: false,
    async: true,
    deterministic: false,
    detail: `${capacity} at once, time-out ${options.timeout}, ${retries} retries${cache === undefined ? '' : `, cached for ${cache.for}`}`,
    faults: [
      ...Object.entries(counts)
        .filter(([, n]) => !Number.isSafeInteger(n) || n < 1)
        .map(([what, n]) => `${what} is ${n}; give a whole number of at least 1`),
      ...(Number.isSafeInteger(retries) && retries >= 0
        ? []
        : [`retries is ${retries}; give a whole number of at least 0`]),
    ],
    make: (context) => (inputs) =>
      inputs[0]!.pipe(
        operate<T, LookedUp<T, V>>((out) => new LookupRun<T, V>(context, settings, out)) as never,
      ),
  };
};
