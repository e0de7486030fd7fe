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

/** Tells the log now and then what is still needed of it, and lets it drop the rest. Answers how to stop that. */
export const dropHistory = ({
  log,
  engine,
  mirror,
  outbox,
  keepBytes,
  onFailure,
}: DropHistoryParts): (() => void) => {
  const timer = setInterval(() => {
    for (const task of engine.tasks) log.hold(task.name, task.holds);
    log.hold('mirror', mirror.positions());
    const sending = outbox();
    if (sending !== undefined) log.hold('outbox', sending.holds());
    log.retain(keepBytes).catch(onFailure);
  }, LOOK_EVERY_MS);
  return () => clearInterval(timer);
};
