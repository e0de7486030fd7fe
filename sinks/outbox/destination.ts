import type { BackoffOptions } from './backoff.ts';
import type { Channel } from './channel.ts';
import { circuitBreaker, type CircuitBreaker, type CircuitBreakerOptions } from './circuit-breaker.ts';
import { createLane, type Lane } from './lane.ts';
import { rateLimit } from './rate-limit.ts';
import type { Timers } from './timers.ts';

export interface DestinationOptions {
  readonly channel: Channel;
  /** Attempts over all, restarts included; after the last the result is `failed`. */
  readonly maxAttempts?: number;
  /** Attempts at the same time; those of one exception go one after the other in any case. */
  readonly concurrency?: number;
  readonly ratePerSec?: number;
  readonly burst?: number;
  readonly timeoutMs?: number;
  readonly backoff?: BackoffOptions;
  readonly breaker?: CircuitBreakerOptions;
  /** The longest `Retry-After` that is believed. */
  readonly maxRetryAfterMs?: number;
  /** Send again after a lost answer although the channel cannot recognise a repetition. */
  readonly repeatWhenLost?: boolean;
}

export interface Destination extends Required<DestinationOptions> {
  readonly name: string;
  readonly lane: Lane;
  readonly circuit: CircuitBreaker;
  readonly counts: {
    attempts: number;
    sent: number;
    failed: number;
    uncertain: number;
    expired: number;
    suppressed: number;
  };
}

/** A configured destination with its own lane: what is slow or down there holds nothing else up. */
export const createDestination = (name: string, options: DestinationOptions, timers: Timers): Destination => {
  const { ratePerSec = 20, burst = Math.max(1, ratePerSec), concurrency = 8 } = options;
  const breaker = options.breaker ?? { failures: 5, openMs: 30_000 };
  const circuit = circuitBreaker(breaker);
  return {
    name,
    channel: options.channel,
    maxAttempts: options.maxAttempts ?? 8,
    concurrency,
    ratePerSec,
    burst,
    timeoutMs: options.timeoutMs ?? 15_000,
    backoff: options.backoff ?? { baseMs: 1_000, maxMs: 300_000 },
    breaker,
    maxRetryAfterMs: options.maxRetryAfterMs ?? 3_600_000,
    repeatWhenLost: options.repeatWhenLost ?? false,
    lane: createLane({ concurrency, rateLimit: rateLimit({ ratePerSec, burst }), breaker: circuit, timers }),
    circuit,
    counts: { attempts: 0, sent: 0, failed: 0, uncertain: 0, expired: 0, suppressed: 0 },
  };
};
