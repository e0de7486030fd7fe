import type { CircuitBreaker } from './circuit-breaker.ts';
import type { RateLimit } from './rate-limit.ts';
import type { Timers } from './timers.ts';

/** How one turn of a job ended. */
export interface Turn {
  /** What it says about the destination. */
  readonly health: 'works' | 'fails' | 'unsaid';
  /** Another turn is wanted, this much later at the earliest. Undefined: the job is done. */
  readonly againAfterMs?: number;
  /** The destination asked everybody to wait. */
  readonly pauseMs?: number;
}

export interface LaneJob {
  /** Jobs of one order go one after the other, as they were added; the next begins when this one is done. */
  readonly order: string;
  /** Resolves when the turn is over; a rejection ends the job. */
  turn(): Promise<Turn>;
}

export interface LaneOptions {
  readonly concurrency: number;
  readonly rateLimit: RateLimit;
  readonly breaker: CircuitBreaker;
  readonly timers: Timers;
}

/** Decides when the jobs of one destination have their turns. */
export interface Lane {
  add(job: LaneJob): void;
  /** Takes a job out; false when it has its turn just now. */
  remove(job: LaneJob): boolean;
  readonly waiting: number;
  readonly running: number;
  /** No further turn begins; resolves when none runs. */
  halt(): Promise<void>;
}

export const createLane = ({ concurrency, rateLimit, breaker, timers }: LaneOptions): Lane => {
  const queues = new Map<string, LaneJob[]>();
  /** Heads of queues that may have their turn, in the order in which they may. */
  const ready = new Set<LaneJob>();
  const delayed = new Map<LaneJob, () => void>();
  const running = new Set<LaneJob>();
  let waiting = 0;
  let pausedUntilMs = 0;
  let cancelWake: (() => void) | undefined;
  let halted: (() => void) | undefined;
  let isHalted = false;

  const pump = (): void => {
    cancelWake?.();
    cancelWake = undefined;
    while (!isHalted && running.size < concurrency && ready.size > 0) {
      const now = timers.now();
      const waitMs = Math.max(pausedUntilMs - now, breaker.waitMs(now), rateLimit.waitMs(now));
      if (waitMs > 0) {
        if (waitMs !== Infinity) cancelWake = timers.after(waitMs, pump);
        return;
      }
      const [job] = ready;
      if (job === undefined) return;
      ready.delete(job);
      rateLimit.take(now);
      breaker.begin(now);
      run(job);
    }
  };

  const run = (job: LaneJob): void => {
    waiting -= 1;
    running.add(job);
    job.turn().then(
      (turn) => ended(job, turn),
      () => ended(job, { health: 'unsaid' }),
    );
  };

  const ended = (job: LaneJob, { health, againAfterMs, pauseMs }: Turn): void => {
    running.delete(job);
    const now = timers.now();
    if (health === 'works') breaker.succeeded();
    else if (health === 'fails') breaker.failed(now);
    else breaker.released();
    if (pauseMs !== undefined) pausedUntilMs = Math.max(pausedUntilMs, now + pauseMs);
    if (againAfterMs === undefined) advance(job.order);
    else {
      waiting += 1;
      const wake = (): void => {
        delayed.delete(job);
        ready.add(job);
        pump();
      };
      delayed.set(job, timers.after(againAfterMs, wake));
    }
    if (running.size === 0) halted?.();
    pump();
  };

  /** The head of this order is gone; the next one is ready. */
  const advance = (order: string): void => {
    const queue = queues.get(order);
    queue?.shift();
    const next = queue?.[0];
    if (next === undefined) queues.delete(order);
    else ready.add(next);
  };

  return {
    add: (job) => {
      waiting += 1;
      const queue = queues.get(job.order);
      if (queue === undefined) {
        queues.set(job.order, [job]);
        ready.add(job);
        pump();
      } else queue.push(job);
    },
    remove: (job) => {
      if (running.has(job)) return false;
      const queue = queues.get(job.order);
      const at = queue?.indexOf(job) ?? -1;
      if (queue === undefined || at < 0) return true;
      waiting -= 1;
      ready.delete(job);
      delayed.get(job)?.();
      delayed.delete(job);
      if (at === 0) advance(job.order);
      else queue.splice(at, 1);
      pump();
      return true;
    },
    get waiting() {
      return waiting;
    },
    get running() {
      return running.size;
    },
    halt: () => {
      isHalted = true;
      cancelWake?.();
      for (const cancel of delayed.values()) cancel();
      return new Promise((resolve) => {
        if (running.size === 0) resolve();
        else halted = resolve;
      });
    },
  };
};
