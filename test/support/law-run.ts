import { join } from 'node:path';
import { setTimeout as passed } from 'node:timers/promises';
import { wallClock } from '../../runtime/clock.ts';
import { createEngine, type Engine } from '../../runtime/engine.ts';
import type { Pipeline } from '../../runtime/graph.ts';
import type { Log } from '../../runtime/log/log.ts';
import type { ScorerService } from '../../runtime/scorer-service.ts';
import { silentObserver } from '../../runtime/task-observer.ts';
import { type Heard, lawTopics, letters } from './law-topics.ts';
import { MemoryLog } from './memory-log.ts';

export interface LawRunOptions {
  readonly stateFolder: string;
  readonly scorer?: ScorerService;
  readonly credit?: number;
  readonly checkpointMs?: number;
  readonly compactAtBytes?: number;
}

/** An engine on a log; what stops it is the engine's own error, thrown by whoever waits next. */
export interface LawRun {
  readonly engine: Engine;
  /** Waits until everything up to log time `t` is done and committed. */
  settle(t: number): Promise<void>;
  stop(): Promise<void>;
}

export const startRun = async (
  pipelines: readonly Pipeline[],
  log: Log,
  options: LawRunOptions,
): Promise<LawRun> => {
  let failure: { readonly error: unknown } | undefined;
  const { stateFolder, scorer, credit = 8, checkpointMs = 5, compactAtBytes = 4 << 20 } = options;
  const engine = createEngine({
    pipelines,
    log,
    stateFolder: join(stateFolder, 'state'),
    services: {
      scorer: () => {
        if (scorer === undefined) throw new Error('this law has no scorer');
        return scorer;
      },
    },
    observer: silentObserver,
    wall: wallClock,
    deadLetter: ({ stage, row, heardAt, error }) => ({
      topic: letters as never,
      row: { at: heardAt, stage, reason: error instanceof Error ? error.message : String(error), row },
    }),
    onError: (error) => {
      failure ??= { error };
    },
    credit,
    checkpointMs,
    compactAtBytes,
  });
  await engine.start();
  return {
    engine,
    settle: async (t) => {
      const end = wallClock.now() + 20_000;
      while (!engine.settled(t)) {
        if (failure !== undefined) throw failure.error;
        if (wallClock.now() > end) throw new Error(`not settled at ${t}`);
        await passed(1);
      }
    },
    stop: () => engine.stop(),
  };
};

export const newLog = (): MemoryLog => new MemoryLog({ topics: lawTopics, time: 'recorded' });

/** Appends rows in one go, without waiting for each to be taken. */
export const hear = async (log: Log, rows: readonly Heard[]): Promise<void> => {
  for (const { topic, heardAt, row } of rows)
    await log.append(topic.name, { key: topic.key(row), value: topic.write(row) }, { heardAt });
};

export interface Answer {
  /** `log time key what`, in the order in which they stand in the log. */
  readonly rows: readonly string[];
  /** `log time stage reason row`. */
  readonly letters: readonly string[];
}

export const answerIn = async (log: Log): Promise<Answer> => ({
  rows: (await allOf(log, 'out')).map(({ heardAt, row }) => `${heardAt} ${row['key']} ${row['what']}`),
  letters: (await allOf(log, 'letters')).map(
    ({ heardAt, row }) => `${heardAt} ${row['stage']} ${row['reason']} ${JSON.stringify(row['row'])}`,
  ),
});

const allOf = async (
  log: Log,
  topic: string,
): Promise<{ readonly heardAt: number; readonly row: Record<string, string> }[]> => {
  const all: { heardAt: number; row: Record<string, string> }[] = [];
  for (;;) {
    const records = await log.read(topic, 0, all.length);
    if (records.length === 0) return all;
    for (const { heardAt, value } of records)
      all.push({ heardAt, row: JSON.parse(Buffer.from(value).toString()) as Record<string, string> });
  }
};
