import { actionResult, type ActionResult } from '../../../domain/action.ts';
import type { Dispatch } from '../../../domain/dispatch.ts';
import type { Channel, SendOutcome } from '../../../sinks/outbox/channel.ts';
import { createOutbox } from '../../../sinks/outbox/outbox.ts';
import { deaths, MortalLog } from '../../support/mortal-log.ts';
import { MemoryLog } from '../../support/memory-log.ts';
import { manualTimers } from './manual-timers.ts';
import { decideAction, outboxTestTopics, writeDispatch } from './sample-action.ts';
import { settled } from './until.ts';

const ACTIONS = 12;
const SHIPMENTS = 5;
const LIVES = 5;

/** Marsaglia's xorshift, 32 bits: the same seed tells the same story. */
const chance = (seed: number) => {
  let state = (seed * 2_654_435_761) >>> 0 || 1;
  const next = (): number => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    state >>>= 0;
    return state / 0x1_0000_0000;
  };
  return { next, below: (n: number): number => Math.floor(next() * n) };
};

/** A receiver that acts before it answers, once for each idempotency key, and counts. */
const countingReceiver = () => {
  const effects = new Map<string, readonly string[]>();
  const counts = new Map<string, number>();
  return {
    effects,
    counts,
    take: (id: string, actions: readonly string[]): void => {
      counts.set(id, (counts.get(id) ?? 0) + 1);
      if (!effects.has(id)) effects.set(id, actions);
    },
  };
};

/** What a run came to, for those who count. */
export interface KillRun {
  /** In words; none when everything is as promised. */
  readonly violations: readonly string[];
  readonly kills: number;
  readonly digests: number;
  readonly withdrawn: number;
  readonly sends: number;
}

const spokenFor = ({ id, covers }: Dispatch): readonly string[] =>
  covers.length === 0 ? [id] : covers.map(({ actionId }) => actionId);

/**
 * The simulated process: actions are decided, dispatched later, alone or as digests over both partitions, and withdrawn
 * at any time, with or without a word of the customer's step; the outbox is killed at random writes, before or after
 * the disk has them, and begins anew. In the end every answer is yes. One seed is one story.
 */
export const outboxUnderKills = async (seed: number): Promise<KillRun> => {
  const { next, below } = chance(seed);
  const disk = new MemoryLog({ topics: outboxTestTopics });
  const timers = manualTimers();
  const receiver = countingReceiver();
  const violations: string[] = [];
  const withdrawn = new Set<string>();
  const undispatched: number[] = [];
  const digests: { version: number; readonly first: number; numbers: readonly number[] }[] = [];
  let decided = 0;
  let kills = 0;
  let sends = 0;
  let isKind = false;

  const about = (n: number) => ({
    id: `action-${n}`,
    shipmentId: `shipment-${n % SHIPMENTS}`,
    exceptionId: `exception-${n % SHIPMENTS}`,
  });
  const digestRow = (index: number, state: 'due' | 'cancelled' = 'due') => {
    const { version, first, numbers } = digests[index]!;
    const covers = numbers.map((n) => {
      const { id: actionId, shipmentId, exceptionId } = about(n);
      return { actionId, shipmentId, exceptionId, facts: {} };
    });
    return { ...about(first), id: `digest-${index}`, version, state, covers };
  };

  /** The customer's step: lets one go, or several as one. */
  const dispatchSome = async (): Promise<void> => {
    const size = next() < 0.5 ? 1 : 2 + below(3);
    const numbers = undispatched.splice(0, size);
    const [first] = numbers;
    if (first === undefined) return;
    if (numbers.length === 1) return void (await writeDispatch(disk, about(first)));
    digests.push({ version: 1, first, numbers });
    await writeDispatch(disk, digestRow(digests.length - 1));
  };
  /** It has seen a withdrawal at last. */
  const followWithdrawal = async (n: number): Promise<void> => {
    const index = digests.findIndex(({ numbers }) => numbers.includes(n));
    if (index < 0) {
      const isLate = undispatched.includes(n);
      if (isLate) undispatched.splice(undispatched.indexOf(n), 1);
      await writeDispatch(disk, { ...about(n), version: 2, state: 'cancelled' });
      return;
    }
    const digest = digests[index]!;
    const numbers = digest.numbers.filter((one) => one !== n);
    const isEmpty = numbers.length === 0;
    digests[index] = {
      ...digest,
      version: digest.version + 1,
      numbers: isEmpty ? digest.numbers : numbers,
    };
    await writeDispatch(disk, digestRow(index, isEmpty ? 'cancelled' : 'due'));
  };
  const goOn = async (): Promise<void> => {
    const what = next();
    if (what < 0.3 && decided < ACTIONS) {
      undispatched.push(decided);
      await decideAction(disk, about(decided++));
    } else if (what < 0.55) await dispatchSome();
    else if (what < 0.65 && decided > 0) {
      const n = below(decided);
      if (withdrawn.has(`action-${n}`)) return;
      withdrawn.add(`action-${n}`);
      await decideAction(disk, { ...about(n), version: 2, state: 'cancelled' });
      if (next() < 0.5) await followWithdrawal(n);
    } else if (what < 0.85) timers.advance(below(600));
    else for (let turn = below(6); turn > 0; turn--) await new Promise((resolve) => setImmediate(resolve));
  };

  const isWithdrawn = (id: string): boolean =>
    disk
      .all('actions')
      .map(({ value }) => JSON.parse(Buffer.from(value).toString()) as Dispatch)
      .some((action) => action.id === id && action.state === 'cancelled');
  const channel: Channel = {
    deduplicates: true,
    send: async (dispatch): Promise<SendOutcome> => {
      sends += 1;
      const actions = spokenFor(dispatch);
      for (const id of actions)
        if (isWithdrawn(id)) violations.push(`${id} was begun and its withdrawal is durable`);
      const luck = isKind ? 1 : next();
      if (luck < 0.15) return { kind: 'retry', httpStatus: 503 };
      if (luck < 0.25) return { kind: 'unknown', error: 'lost on the way' };
      receiver.take(dispatch.id, actions);
      if (luck < 0.4) return { kind: 'unknown', error: 'lost on the way back' };
      if (luck < 0.5) return new Promise<never>(() => undefined);
      return { kind: 'sent', httpStatus: 200 };
    },
  };
  const begin = async (log: MortalLog) => {
    const outbox = createOutbox({
      log,
      destinations: {
        crm: {
          channel,
          concurrency: 3,
          ratePerSec: 10_000,
          maxAttempts: 1_000,
          timeoutMs: 300,
          backoff: { baseMs: 50, maxMs: 400 },
          breaker: { failures: 4, openMs: 300 },
        },
      },
      clock: { now: () => disk.closedUntil },
      timers,
      random: next,
      stateOf: (producer) => disk.statesOf(producer).at(-1),
      commitEveryMs: 100,
    });
    // A life may end before it has begun.
    await outbox.start().catch((error: unknown) => {
      if (!log.isDead) throw error;
    });
    return outbox;
  };

  for (let life = 0; life < LIVES; life++) {
    const how = next() < 0.5 ? deaths.before : deaths.after;
    const log = new MortalLog(disk, { atWrite: 1 + below(14), how });
    const outbox = await begin(log);
    for (let step = 0; step < 12 && !log.isDead; step++) await goOn();
    if (log.isDead) kills += 1;
    await outbox.stop();
  }
  // From here on everything that was decided gets its dispatch, nothing dies, and every answer is yes.
  isKind = true;
  while (undispatched.length > 0) await dispatchSome();
  const outbox = await begin(new MortalLog(disk));
  for (let quiet = 0; quiet < 3; quiet = outbox.stats().due + outbox.stats().unread === 0 ? quiet + 1 : 0) {
    timers.advance(500);
    await settled();
  }
  await outbox.drain(1_000);

  const results = new Map<string, ActionResult['result'][]>();
  for (const { value } of disk.all('action-results')) {
    const { actionId, result } = actionResult.parse(JSON.parse(Buffer.from(value).toString()));
    results.set(actionId, [...(results.get(actionId) ?? []), result]);
  }
  const toldBy = new Map<string, string[]>();
  for (const [key, actions] of receiver.effects)
    for (const id of actions) toldBy.set(id, [...(toldBy.get(id) ?? []), key]);
  for (let n = 0; n < decided; n++) {
    const id = `action-${n}`;
    const found = results.get(id) ?? [];
    const keys = toldBy.get(id) ?? [];
    if (found.length > 1) violations.push(`${id} has the results ${found.join(', ')}`);
    if (keys.length > 1) violations.push(`${id} was told under ${keys.join(' and ')}`);
    if (keys.length === 0 && found[0] === 'sent') violations.push(`${id} is sent, and was not told`);
    if (!withdrawn.has(id)) {
      if (keys.length !== 1) violations.push(`${id} was lost`);
      if (found[0] !== 'sent') violations.push(`${id} is due and its result is ${found[0] ?? 'none'}`);
    } else if (keys.length > 0 && found[0] !== 'sent' && found[0] !== 'uncertain')
      violations.push(`${id} was told before it was withdrawn, and its result is ${found[0] ?? 'none'}`);
  }
  return { violations, kills, digests: digests.length, withdrawn: withdrawn.size, sends };
};
