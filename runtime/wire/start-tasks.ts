import { partitionsByTopic } from '../../pipelines/topics.ts';
import type { Config } from '../config/config.ts';
import type { Engine } from '../engine.ts';
import type { ForewarnError } from '../forewarn-error.ts';
import type { Pipeline } from '../graph.ts';
import type { LineLog } from '../log/log.ts';
import { addedUp, type MetricsJson } from '../metrics/add-up.ts';
import type { Metrics } from '../metrics/metrics.ts';
import type { SnapshotStore } from '../state/snapshot-store.ts';
import { createThreadedEngine } from '../threads/threaded-engine.ts';
import { disorderOf, lineEngine } from './line-engine.ts';
import { observe } from './observe.ts';
import type { LoadedRules } from './rules-in-force.ts';
import type { Scoring } from './start-scoring.ts';
import { lineThreads } from './threads/line-threads.ts';
import type { WorldPace } from './wall-seconds.ts';

export interface TasksParts {
  readonly config: Config;
  readonly pipelines: readonly Pipeline[];
  readonly log: LineLog;
  readonly loaded: LoadedRules;
  readonly stateFolder: string;
  readonly snapshots: SnapshotStore;
  /** How often the data folder was rewound. */
  readonly generation: number;
  readonly pace: WorldPace | undefined;
  readonly scoring: Scoring;
  readonly metrics: Metrics;
  readonly secondsSince: (heardAt: number) => number;
  readonly onError: (error: unknown) => void;
  /** Where processes share the line. */
  readonly onFenced: ((number: number, error: ForewarnError) => void) | undefined;
}

export interface Tasks {
  /** Not started yet. */
  readonly engine: Engine;
  /** Rows that tasks have taken since the start. */
  readonly rows: () => number;
  /** The text of `/metrics`, wherever it was counted. */
  readonly metricsText: () => Promise<string>;
}

/** The tasks of a line where the configuration wants them: in this thread, or spread over `engine.workers` others. */
export const startTasks = ({ secondsSince, ...parts }: TasksParts): Tasks => {
  const { config, pipelines, log, stateFolder, metrics, scoring, onError, onFenced } = parts;
  if (config.engine.workers === 0) {
    const { observer, rows } = observe(metrics, secondsSince);
    const engine = lineEngine({
      config,
      pipelines,
      log,
      stateFolder,
      snapshots: parts.snapshots,
      scorer: (model) => scoring.service(model),
      observer,
      onError,
      onFenced,
    });
    return { engine, rows, metricsText: () => metrics.text() };
  }
  const { loaded, generation, pace } = parts;
  const engine = createThreadedEngine({
    pipelines,
    log,
    topics: partitionsByTopic(config.log.partitions),
    threads: config.engine.workers,
    module: lineThreads({ config, loaded, stateFolder, generation, pace, scoring }),
    disorderMs: disorderOf(config, pipelines),
    onError,
    ...(onFenced === undefined ? {} : { onFenced }),
  });
  return {
    engine,
    rows: () => engine.rows(),
    metricsText: async () => addedUp(metrics.registry, (await engine.metrics()) as readonly MetricsJson[]),
  };
};
