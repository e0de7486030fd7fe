import { workerData } from 'node:worker_threads';
import { wallClock } from '../../runtime/clock.ts';
import { createEngine } from '../../runtime/engine.ts';
import { planTasks } from '../../runtime/plan-tasks.ts';
import { silentObserver } from '../../runtime/task-observer.ts';
import type { ThreadData } from '../../runtime/threads/thread-calls.ts';
import { runEngineThread } from '../../runtime/threads/run-engine-thread.ts';
import { crashOptions, type CrashThreadSettings } from './crash-threads.ts';
import { crashPipelines } from './crash-pipelines.ts';

/** A thread that runs the pipelines of the crash tests; it ends in the middle of things where that is asked for. */
const data = workerData as ThreadData<CrashThreadSettings>;

await runEngineThread(data, ({ log, onError }) => {
  const { stateFolder, failsToBegin, endsAfterRows } = data.settings;
  if (failsToBegin) throw new TypeError('it cannot begin');
  let rows = 0;
  const observer = {
    ...silentObserver,
    rowsIn: (_: unknown, n: number) => {
      rows += n;
      if (endsAfterRows !== null && rows >= endsAfterRows)
        setImmediate(() => {
          throw new RangeError('it has fallen over');
        });
    },
  };
  const pipelines = crashPipelines();
  return Promise.resolve({
    engine: createEngine({
      ...crashOptions,
      pipelines,
      log,
      stateFolder,
      observer,
      wall: wallClock,
      onError,
    }),
    plan: planTasks({ pipelines, log }),
    rows: () => rows,
    metrics: () => Promise.resolve(rows),
  });
});
