import { describe, expect, it } from 'vitest';
import { circuitBreaker } from '../../../sinks/outbox/circuit-breaker.ts';
import { createLane, type LaneJob, type Turn } from '../../../sinks/outbox/lane.ts';
import { rateLimit } from '../../../sinks/outbox/rate-limit.ts';
import { manualTimers } from './manual-timers.ts';
import { settled } from './until.ts';

const setUp = (
  options: { concurrency?: number; ratePerSec?: number; burst?: number; failures?: number } = {},
) => {
  const { concurrency = 10, ratePerSec = 1_000, burst = 1_000, failures = 3 } = options;
  const timers = manualTimers();
  const breaker = circuitBreaker({ failures, openMs: 10_000 });
  const lane = createLane({ concurrency, rateLimit: rateLimit({ ratePerSec, burst }), breaker, timers });
  const begun: string[] = [];
  const ends = new Map<string, (turn: Turn) => void>();
  const job = (name: string, order = name): LaneJob => ({
    order,
    turn: () => {
      begun.push(name);
      return new Promise((resolve) => ends.set(name, resolve));
    },
  });
  const end = async (name: string, turn: Turn = { health: 'works' }): Promise<void> => {
    ends.get(name)?.(turn);
    await settled();
  };
  return { timers, breaker, lane, begun, job, end };
};

describe('lane', () => {
  it('keeps the jobs of one order apart and in order, those of others side by side', async () => {
    const { lane, begun, job, end } = setUp();
    for (const name of ['a1', 'a2', 'b1', 'a3']) lane.add(job(name, name[0]));
    expect(begun).toEqual(['a1', 'b1']);
    await end('a1');
    expect(begun).toEqual(['a1', 'b1', 'a2']);
    await end('a2');
    await end('a3');
    await end('b1');
    expect([lane.waiting, lane.running]).toEqual([0, 0]);
  });

  it('holds an order up while its head waits for its next turn', async () => {
    const { lane, begun, job, end, timers } = setUp();
    lane.add(job('a1', 'a'));
    lane.add(job('a2', 'a'));
    await end('a1', { health: 'fails', againAfterMs: 5_000 });
    timers.advance(4_999);
    expect(begun).toEqual(['a1']);
    timers.advance(1);
    expect(begun).toEqual(['a1', 'a1']);
    await end('a1');
    expect(begun).toEqual(['a1', 'a1', 'a2']);
  });

  it('runs no more at once than it may', async () => {
    const { lane, begun, job, end } = setUp({ concurrency: 2 });
    for (const name of ['a', 'b', 'c', 'd']) lane.add(job(name));
    expect(begun).toEqual(['a', 'b']);
    await end('b');
    expect(begun).toEqual(['a', 'b', 'c']);
  });

  it('keeps to the rate', () => {
    const { lane, begun, job, timers } = setUp({ ratePerSec: 2, burst: 1 });
    for (const name of ['a', 'b', 'c']) lane.add(job(name));
    expect(begun).toEqual(['a']);
    timers.advance(500);
    expect(begun).toEqual(['a', 'b']);
    timers.advance(499);
    expect(begun).toEqual(['a', 'b']);
    timers.advance(1);
    expect(begun).toEqual(['a', 'b', 'c']);
  });

  it('lets nothing through while the destination is broken, then one probe, then all', async () => {
    const { lane, begun, job, end, timers } = setUp({ failures: 1 });
    lane.add(job('a'));
    await end('a', { health: 'fails', againAfterMs: 1 });
    lane.add(job('b'));
    lane.add(job('c'));
    timers.advance(9_999);
    expect(begun).toEqual(['a']);
    timers.advance(1);
    expect(begun).toHaveLength(2);
    await end(begun[1]!);
    expect(begun.toSorted()).toEqual(['a', 'a', 'b', 'c']);
  });

  it('waits as a whole when the destination asks for it', async () => {
    const { lane, begun, job, end, timers } = setUp();
    lane.add(job('a'));
    await end('a', { health: 'unsaid', againAfterMs: 7_000, pauseMs: 7_000 });
    lane.add(job('b'));
    timers.advance(6_999);
    expect(begun).toEqual(['a']);
    timers.advance(1);
    expect(begun.toSorted()).toEqual(['a', 'a', 'b']);
  });

  it('gives up a job that waits, at the head or behind it, but not one that runs', async () => {
    const { lane, begun, job, end, timers } = setUp();
    const [a1, a2, a3] = ['a1', 'a2', 'a3'].map((name) => job(name, 'a'));
    for (const each of [a1!, a2!, a3!]) lane.add(each);
    expect(lane.remove(a1!)).toBe(false);
    expect(lane.remove(a2!)).toBe(true);
    await end('a1', { health: 'fails', againAfterMs: 100 });
    expect(lane.remove(a1!)).toBe(true);
    expect(begun).toEqual(['a1', 'a3']);
    timers.advance(1_000);
    expect(begun).toEqual(['a1', 'a3']);
    expect(lane.waiting).toBe(0);
  });

  it('goes on after a job that rejects', async () => {
    const { lane, begun, job } = setUp();
    lane.add({ order: 'a', turn: () => Promise.reject(new Error('broken')) });
    lane.add(job('a2', 'a'));
    await settled();
    expect(begun).toEqual(['a2']);
  });

  it('halts: begins nothing, and waits for what runs', async () => {
    const { lane, begun, job, end } = setUp({ concurrency: 1 });
    lane.add(job('a'));
    lane.add(job('b'));
    let isHalted = false;
    const halted = lane.halt().then(() => (isHalted = true));
    await settled();
    expect(isHalted).toBe(false);
    await end('a');
    await halted;
    expect(begun).toEqual(['a']);
  });
});
