import { join, resolve } from 'node:path';
import type { ResolveOptions } from '../../pipelines/resolve.ts';
import { partitionsByTopic } from '../../pipelines/topics.ts';
import { wallClock, wallTimers } from '../clock.ts';
import type { Config } from '../config/config.ts';
import { createEngine, type Engine, type EngineOptions } from '../engine.ts';
import { EmbeddedLog } from '../log/embedded-log.ts';
import { createMetrics } from '../metrics/metrics.ts';
import { loadRules } from '../rules/load-rules.ts';
import { silentObserver } from '../task-observer.ts';
import { modelsOf } from './models-of.ts';
import { keepsAlertsOpen } from './keeps-alerts-open.ts';
import { letterOfFailure, shippedPipelines } from './pipelines.ts';
import { decodingUnder, loadReadingRules } from './reading.ts';
import { startScoring } from './start-scoring.ts';

/** The tasks alone, on a log of recorded time: what they decide can be read from its topics. */
export interface RecordedLine {
  readonly log: EmbeddedLog;
  readonly engine: Engine;
  /** Fingerprint of the rules, and the model that scored. */
  readonly rules: string;
  readonly model: string;
  readonly settled: () => boolean;
  /** Throws what made a task stop. */
  readonly check: () => void;
  readonly stop: () => Promise<void>;
}

export interface RecordedLineOptions extends Pick<EngineOptions, 'compactAtBytes'> {
  readonly resolving?: ResolveOptions;
  /** Another version of the model than its champion. */
  readonly modelVersion?: string;
}

/** No table, no page, no action: the decisions of a line in a folder of its own. */
export const startRecordedLine = async (
  config: Config,
  folder: string,
  note: (line: string) => void,
  { resolving, modelVersion, ...options }: RecordedLineOptions = {},
): Promise<RecordedLine> => {
  const rulesFolder = resolve(config.rules);
  const rules = loadRules(rulesFolder);
  // A model that cannot be loaded stops everything before there is a log to close.
  const scoring = await startScoring({
    registry: modelsOf(config),
    model: config.models.lateDelivery,
    ...(modelVersion === undefined ? {} : { version: modelVersion }),
    workers: config.models.workers,
    timeoutMs: config.models.timeoutMs,
    metrics: createMetrics(),
    note,
  });
  const log = await EmbeddedLog.open({
    folder: join(folder, 'log'),
    topics: partitionsByTopic(config.log.partitions),
    time: 'recorded',
  });
  let failure: { readonly error: unknown } | undefined;
  const engine = createEngine({
    pipelines: shippedPipelines({
      decoding: decodingUnder(config)(loadReadingRules(config)),
      rules,
      patience: config.engine.patience,
      model: config.models.lateDelivery,
      resolving: { ...resolving, keepsOpen: keepsAlertsOpen(config.destinations) },
    }),
    log,
    stateFolder: join(folder, 'state'),
    services: { scorer: (model) => scoring.service(model), timers: wallTimers },
    observer: silentObserver,
    wall: wallClock,
    deadLetter: letterOfFailure,
    onError: (error) => {
      failure ??= { error };
    },
    credit: config.engine.credit,
    checkpointMs: config.engine.checkpointMs,
    ...options,
  });
  await engine.start();
  const check = (): void => {
    if (failure !== undefined) throw failure.error;
  };
  return {
    log,
    engine,
    rules: rules.fingerprint,
    model: scoring.service(config.models.lateDelivery).modelVersion,
    settled: () => {
      check();
      return engine.settled(log.closedUntil);
    },
    check,
    stop: async () => {
      await engine.stop();
      await scoring.close();
      await log.close();
    },
  };
};
