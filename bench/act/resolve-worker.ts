import { join } from 'node:path';
import { workerData } from 'node:worker_threads';
import { resolve } from '../../pipelines/resolve.ts';
import { packageRoot } from '../../runtime/package-root.ts';
import { planTasks } from '../../runtime/plan-tasks.ts';
import { loadRules } from '../../runtime/rules/load-rules.ts';
import type { Task } from '../../runtime/task.ts';
import { runEngineThread } from '../../runtime/threads/run-engine-thread.ts';
import type { ThreadData } from '../../runtime/threads/thread-calls.ts';
import type { Engine } from '../../runtime/engine.ts';
import { engineAlone } from '../engine-alone.ts';

/** A thread that resolves, for the bench of a contract that changes. */
const data = workerData as ThreadData<{ readonly stateFolder: string }>;

await runEngineThread(data, async ({ log, onError }) => {
  const pipelines = [resolve(loadRules(join(packageRoot, 'rules')))];
  const { stateFolder } = data.settings;
  const engine: Engine<Task> = engineAlone({
    pipelines,
    log,
    stateFolder,
    credit: 8,
    checkpointMs: 250,
    onError,
  }).engine;
  return { engine, plan: planTasks({ pipelines, log }), rows: () => 0, metrics: () => Promise.resolve(null) };
});
