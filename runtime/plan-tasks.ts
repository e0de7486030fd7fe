import { ForewarnError } from './forewarn-error.ts';
import { type Pipeline, refuseCycles, type Stage } from './graph.ts';
import type { Log } from './log/log.ts';
import { partitionNumbers } from './log/partition-numbers.ts';
import type { TaskInput } from './task-options.ts';

const DAY_MS = 86_400_000;

export interface PlanOptions {
  readonly pipelines: readonly Pipeline[];
  readonly log: Pick<Log, 'partitionsOf'>;
  readonly disorderMs?: Readonly<Record<string, number>>;
  readonly maxFutureMs?: Readonly<Record<string, number>>;
}

/** A task of a line, wherever it runs. */
export interface PlannedTask {
  readonly name: string;
  readonly number: number;
  readonly stage: Stage;
  readonly checkpointMs: number;
  readonly inputs: readonly TaskInput[];
}

/** One task for each partition of each stage, with what it reads. Throws FW204, FW209 or FW218 where stages do not go together. */
export const planTasks = ({
  pipelines,
  log,
  disorderMs,
  maxFutureMs,
}: PlanOptions): readonly PlannedTask[] => {
  const stages = pipelines.flatMap((pipeline) =>
    pipeline.stages.map((stage) => ({
      stage,
      checkpointMs: pipeline.checkpointMs,
      partitions: partitionsOf(stage, log),
    })),
  );
  refuseCycles(stages.map(({ stage }) => stage));
  refuseReadAtOnce(stages.map(({ stage }) => stage));
  const writers = new Map<string, string[]>();
  for (const { stage, partitions } of stages) {
    for (const topic of new Set(stage.sinks.map((sink) => sink.topic.name))) {
      const tasks = Array.from({ length: partitions }, (_, partition) => `${stage.name}/${partition}`);
      writers.set(topic, [...(writers.get(topic) ?? []), ...tasks]);
    }
  }
  return stages.flatMap(({ stage, checkpointMs, partitions }) =>
    Array.from({ length: partitions }, (_, number): PlannedTask => {
      const inputs = stage.sources.flatMap((source): TaskInput[] => {
        const { topic } = source;
        const own = topic.broadcast ? partitionNumbers(log, topic.name) : [number];
        return own.map((index) => ({
          topic: topic.name,
          partition: index,
          producers: writers.get(topic.name) ?? ['external'],
          node: source.id,
          source: topic,
          disorderMs: disorderMs?.[topic.name] ?? topic.disorderMs,
          broadcast: topic.broadcast,
          stamped: topic.internal,
          maxFutureMs: maxFutureMs?.[topic.name] ?? DAY_MS,
        }));
      });
      return { name: `${stage.name}/${number}`, number, stage, checkpointMs, inputs };
    }),
  );
};

/** A task merges by log time, which goes back where rows that were written at once are written again. */
const refuseReadAtOnce = (stages: readonly Stage[]): void => {
  for (const { name, sinks } of stages) {
    for (const { mode, topic } of sinks) {
      const reader = stages.find(({ sources }) => sources.some((source) => source.topic.name === topic.name));
      if (mode === 'epoch' || reader === undefined) continue;
      throw new ForewarnError(
        'FW218',
        `stage "${name}" writes topic "${topic.name}" with mode "${mode}", and stage "${reader.name}" reads it; write it with mode "epoch"`,
      );
    }
  }
};

/** Partitions of a stage: those of its keyed inputs, which must agree. */
const partitionsOf = (stage: Stage, log: PlanOptions['log']): number => {
  const counts = stage.sources
    .filter((source) => !source.topic.broadcast)
    .map((source) => ({ topic: source.topic.name, partitions: log.partitionsOf(source.topic.name) }));
  const first = counts[0];
  if (first === undefined) return 1;
  for (const other of counts) {
    if (other.partitions !== first.partitions) {
      throw new ForewarnError(
        'FW204',
        `stage "${stage.name}": topic "${other.topic}" has ${other.partitions} partitions and "${first.topic}" has ${first.partitions}; topics that are joined must have the same number`,
      );
    }
  }
  return first.partitions;
};
