import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Commit, Committed, Log } from '../../runtime/log/log.ts';
import type { Turns } from '../../runtime/turns.ts';

/** Whole numbers below a bound. */
export type Chance = (below: number) => number;

export const idle = async (turns: number): Promise<void> => {
  for (let turn = 0; turn < turns; turn++) await nextTurn();
};

/** The same contract, with a disk that now and then takes its time and news that come late; a producer's commits stay in order. */
export const disturbedLog = (log: Log, chance: Chance, mostTurns: number): Log => {
  const last = new Map<string, Promise<unknown>>();
  const slowly = async (commit: Commit, before: Promise<unknown>): Promise<Committed> => {
    await before;
    await idle(chance(mostTurns + 1));
    const committed = await log.commit(commit);
    await idle(chance(mostTurns + 1));
    return committed;
  };
  return {
    partitionsOf: (topic) => log.partitionsOf(topic),
    partitionFor: (topic, key) => log.partitionFor(topic, key),
    append: (topic, record, options) => log.append(topic, record, options),
    commit: (commit) => {
      const done = slowly(commit, last.get(commit.producer) ?? Promise.resolve());
      last.set(commit.producer, done);
      return done;
    },
    read: async (topic, partition, from, maxBytes) => {
      await idle(chance(mostTurns + 1));
      const bytes = chance(3) === 0 ? 1 + chance(400) : maxBytes;
      return log.read(topic, partition, from, bytes);
    },
    end: (topic, partition) => log.end(topic, partition),
    frontier: (producer) => log.frontier(producer),
    publishFrontier: (producer, frontier) => log.publishFrontier(producer, frontier),
    epoch: (producer) => log.epoch(producer),
    get closedUntil() {
      return log.closedUntil;
    },
    onAdvance: (listener) =>
      log.onAdvance(() => {
        const turns = chance(mostTurns + 1);
        if (turns === 0) listener();
        else void idle(turns).then(listener);
      }),
    close: () => log.close(),
  };
};

/** Whoever waits may be the next, and sometimes the loop goes round several times before anybody is. */
export const shuffledTurns = (chance: Chance): Turns => {
  const waiting: (() => void)[] = [];
  let isComing = false;
  const come = async (): Promise<void> => {
    isComing = true;
    while (waiting.length > 0) {
      await idle(1 + (chance(4) === 0 ? chance(3) : 0));
      waiting.splice(chance(waiting.length), 1)[0]!();
    }
    isComing = false;
  };
  return () =>
    new Promise((resolve) => {
      waiting.push(resolve);
      if (!isComing) void come();
    });
};
