import type { Engine } from '../engine.ts';
import type { LineLog } from '../log/log.ts';
import type { Outbox } from './start-outbox.ts';
import type { Storage } from './start-storage.ts';

export interface LineStandingParts {
  readonly log: Pick<LineLog, 'closedUntil' | 'frontier'>;
  readonly engine: Pick<Engine, 'settled' | 'sharesWait' | 'producers'>;
  readonly mirror: Pick<Storage['mirror'], 'stats'>;
  /** False where time is recorded. */
  readonly isLive: boolean;
  /** Other processes run tasks of the line, too. */
  readonly isShared: boolean;
  readonly isReady: () => boolean;
  readonly outbox: () => Outbox | undefined;
}

/** How far a line has come with what it has heard. */
export interface LineStanding {
  /** Everything heard has been decided on; it may still have to be sent, and written to its table. */
  readonly decided: () => boolean;
  /** It has gone all the way: tasks, tables, outbox; of what runs here. */
  readonly settled: () => boolean;
}

export const lineStanding = (parts: LineStandingParts): LineStanding => {
  const { log, engine, mirror, isLive, isShared, isReady, outbox } = parts;
  /** What tasks of other processes wrote has been read here too. Live, time has gone on before they can have said so. */
  const othersHeard = (): boolean =>
    !isShared || isLive || engine.producers.every((name) => log.frontier(name) >= log.closedUntil);
  const decided = (): boolean =>
    isReady() &&
    engine.settled(log.closedUntil) &&
    othersHeard() &&
    // Recorded time goes on with its records alone, and so do the shares that wait for it.
    (!isLive || !engine.sharesWait);
  return {
    decided,
    settled: () => {
      const { due, unread } = outbox()?.stats() ?? { due: 0, unread: 0 };
      return decided() && due + unread === 0 && mirror.stats().lagRecords === 0;
    },
  };
};
