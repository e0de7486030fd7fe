import type { ReadingRules } from '../../domain/reading-rules.ts';
import type { DecoderSettings } from '../../sources/decoders/decoder.ts';
import { wallClock, wallTimers } from '../clock.ts';
import type { Config } from '../config/config.ts';
import { durationMs } from '../duration.ts';
import { createEngine, type Engine, type EngineOptions } from '../engine.ts';
import { ForewarnError } from '../forewarn-error.ts';
import type { Pipeline } from '../graph.ts';
import type { Services } from '../step.ts';
import type { Task } from '../task.ts';
import { keepsAlertsOpen } from './keeps-alerts-open.ts';
import { letterOfFailure, shippedPipelines } from './pipelines.ts';
import type { LoadedRules } from './rules-in-force.ts';

/** The pipelines of a line as its configuration and its rules make them, in whichever thread they run. */
export const linePipelines = (
  config: Config,
  { rules, reading }: LoadedRules,
  decodingBy: (reading: ReadingRules) => DecoderSettings,
): readonly Pipeline[] =>
  shippedPipelines({
    decoding: decodingBy(reading),
    decodingUnder: decodingBy,
    rules,
    patience: config.engine.patience,
    model: config.models.lateDelivery,
    resolving: { keepsOpen: keepsAlertsOpen(config.destinations) },
  });

export interface LineEngineParts extends Pick<
  EngineOptions,
  'pipelines' | 'log' | 'stateFolder' | 'observer' | 'onError'
> {
  readonly config: Config;
  readonly snapshots: NonNullable<EngineOptions['snapshots']>;
  readonly scorer: Services['scorer'];
  readonly onFenced?: NonNullable<EngineOptions['onFenced']> | undefined;
}

/** The tasks of a line in this thread. */
export const lineEngine = ({ config, scorer, onFenced, ...parts }: LineEngineParts): Engine<Task> =>
  createEngine({
    ...parts,
    services: { scorer, timers: wallTimers },
    wall: wallClock,
    deadLetter: letterOfFailure,
    ...(onFenced === undefined ? {} : { onFenced }),
    credit: config.engine.credit,
    checkpointMs: config.engine.checkpointMs,
    idleMs: durationMs(config.engine.idle),
    disorderMs: disorderOf(config, parts.pipelines),
  });

/** Throws FW101 for a topic that no pipeline reads: a mistyped name would change nothing and say nothing. */
export const disorderOf = (
  { engine }: Config,
  pipelines: readonly Pipeline[],
): Readonly<Record<string, number>> => {
  const read = new Set(
    pipelines.flatMap(({ nodes }) =>
      nodes.flatMap((node) => (node.kind === 'source' ? [node.topic.name] : [])),
    ),
  );
  for (const topic of Object.keys(engine.disorder)) {
    if (read.has(topic)) continue;
    throw new ForewarnError(
      'FW101',
      `engine.disorder.${topic}: no pipeline reads a topic of this name; they read ${[...read].join(', ')}`,
    );
  }
  return Object.fromEntries(
    Object.entries(engine.disorder).map(([topic, text]) => [topic, durationMs(text)]),
  );
};
