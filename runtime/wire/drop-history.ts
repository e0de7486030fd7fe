import type { Engine } from '../engine.ts';
import type { LineLog } from '../log/log.ts';
import type { Outbox } from './start-outbox.ts';
import type { Storage } from './start-storage.ts';

export interface DropHistoryParts {
  readonly log: LineLog;
  readonly engine: Pick<Engine, 'tasks'>;
  readonly mirror: Pick<Storage['mirror'], 'positions'>;
  readonly outbox: () => Outbox | undefined;
  /** What is kept at least, in bytes. */
  readonly keepBytes: number;
  readonly onFailure: (error: unknown) => void;
}

const LOOK_EVERY_MS = 30_000;

export interface HistoryDrop {
  /** Tells the log what is needed of it now. */
  readonly tell: () => void;
  readonly stop: () => void;
}

/** Tells the log now and then what is still needed of it, and lets it drop the rest. */
export const dropHistory = ({
  log,
  engine,
  mirror,
  outbox,
  keepBytes,
  onFailure,
}: DropHistoryParts): HistoryDrop => {
  const tell = (): void => {
    for (const task of engine.tasks) log.hold(task.name, task.holds);
    log.hold('mirror', mirror.positions());
    const sending = outbox();
    if (sending !== undefined) log.hold('outbox', sending.holds());
  };
  const timer = setInterval(() => {
    tell();
    log.retain(keepBytes).catch(onFailure);
  }, LOOK_EVERY_MS);
  return { tell, stop: () => clearInterval(timer) };
};
