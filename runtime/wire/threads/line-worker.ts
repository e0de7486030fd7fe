import { workerData } from 'node:worker_threads';
import { wallClock } from '../../clock.ts';
import { createMetrics } from '../../metrics/metrics.ts';
import { planTasks } from '../../plan-tasks.ts';
import { runEngineThread } from '../../threads/run-engine-thread.ts';
import type { ThreadData } from '../../threads/thread-calls.ts';
import { lineEngine, linePipelines } from '../line-engine.ts';
import { observe } from '../observe.ts';
import { connectSnapshots } from '../open-snapshots.ts';
import { decodingUnder } from '../reading.ts';
import { wallSeconds } from '../wall-seconds.ts';
import type { LineThreadSettings } from './line-settings.ts';
import { scorerOver } from './scoring-over-port.ts';

/** A thread of a line: the same definitions, rules and settings as in the process that began it. */
const data = workerData as ThreadData<LineThreadSettings>;
const { config, loaded, stateFolder, generation, pace, scoring } = data.settings;

await runEngineThread(data, async ({ log, onError, onFenced }) => {
  const metrics = createMetrics({ processMetrics: false });
  // What the log's clock said is up to 50 ms old; where it is the machine's, that one is asked itself.
  const clock = pace === undefined && config.log.time === 'live' ? wallClock : log.clock;
  const { observer, rows } = observe(
    metrics,
    wallSeconds(() => clock.now(), pace),
  );
  const pipelines = linePipelines(config, loaded, decodingUnder(config));
  const engine = lineEngine({
    config,
    pipelines,
    log,
    stateFolder,
    snapshots: await connectSnapshots({ settings: config.snapshots, stateFolder, generation }),
    scorer: scorerOver(scoring.port, scoring.facts),
    observer,
    onError,
    onFenced: config.log.kafka?.group === undefined ? undefined : onFenced,
  });
  return {
    engine,
    plan: planTasks({ pipelines, log }),
    rows,
    metrics: () => metrics.registry.getMetricsAsJSON(),
  };
});
