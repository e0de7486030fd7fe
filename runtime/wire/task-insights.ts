import type { Engine } from '../engine.ts';
import { ForewarnError } from '../forewarn-error.ts';
import type { Pipeline, Stage } from '../graph.ts';
import type { LineLog, LogRecord } from '../log/log.ts';
import { partitionNumbers } from '../log/partition-numbers.ts';
import { nearestWord } from '../rules/nearest-word.ts';
import { partitionsOfStage } from '../savepoint/graph.ts';
import type { EventTime } from '../state/task-snapshot.ts';
import type { TaskView } from '../task-view.ts';
import type { Topic } from '../topic.ts';
import type { InputInsight, RecordInsight, TaskInsight } from './why.ts';

export interface InsightSources {
  readonly log: Pick<LineLog, 'closedUntil' | 'end' | 'read' | 'frontier' | 'partitionsOf'>;
  readonly engine: Pick<Engine, 'tasks'>;
  readonly pipelines: readonly Pipeline[];
}

/**
 * What is known of the tasks that run a step, a stage or a task of this name, as of now. FW701 when
 * nothing is called so.
 */
export const insightsOf = (name: string, sources: InsightSources): Promise<readonly TaskInsight[]> => {
  const stages = sources.pipelines.flatMap((pipeline) => pipeline.stages);
  const tasks = sources.engine.tasks.filter(
    (task) =>
      task.name === name ||
      task.stage === name ||
      stages.some((stage) => stage.name === task.stage && stepsOf(stage).includes(name)),
  );
  if (tasks.length === 0) {
    const known = [...new Set(stages.flatMap((stage) => [stage.name, ...stepsOf(stage)]))];
    const near = nearestWord(name, known);
    throw new ForewarnError(
      'FW701',
      `"${name}" is not one of the steps ${known.join(', ')}${near === null ? '' : `; did you mean ${near}?`}`,
    );
  }
  return Promise.all(
    tasks.map((task) =>
      insightOf(
        task,
        stages.find(({ name: stage }) => stage === task.stage)!,
        sources,
        stages,
      ),
    ),
  );
};

const stepsOf = ({ nodes }: Stage): readonly string[] =>
  nodes.flatMap((node) => (node.kind === 'step' && node.step.name !== null ? [node.step.name] : []));

const insightOf = async (
  task: TaskView,
  stage: Stage,
  { log }: InsightSources,
  stages: readonly Stage[],
): Promise<TaskInsight> => {
  const partition = Number(task.name.slice(task.name.lastIndexOf('/') + 1));
  const { time, eventTime, holds, creditLeft, begun } = await task.look();
  const inputs: InputInsight[] = [];
  for (const { topic } of stage.sources) {
    const own = topic.broadcast ? partitionNumbers(log, topic.name) : [partition];
    for (const at of own) {
      const resume = holds.get(`${topic.name}/${at}`) ?? 0;
      const lag = Math.max(0, log.end(topic.name, at) - resume);
      const around = await neighboursOf(log, topic.name, at, resume);
      for (const producer of writersOf(topic.name, stages, log)) {
        const ofInput = timeOf(eventTime, `${topic.name}/${at}`, producer);
        const isNext = around.next?.producer === producer;
        inputs.push({
          topic: topic.name,
          partition: at,
          producer,
          broadcast: topic.broadcast,
          ...ofInput,
          frontier: log.frontier(producer),
          lag,
          last: lastOf(around, topic, producer, ofInput.highest),
          next: isNext && around.next !== undefined ? toldBy(topic, around.next) : null,
        });
      }
    }
  }
  return {
    task: task.name,
    stage: task.stage,
    logTime: log.closedUntil,
    time,
    // Of the same moment as what is said of its inputs.
    watermark: eventTime.watermark,
    inputs,
    credit: { left: creditLeft, ...begun },
  };
};

const writersOf = (
  topic: string,
  stages: readonly Stage[],
  log: InsightSources['log'],
): readonly string[] => {
  const tasks = stages
    .filter(({ sinks }) => sinks.some((sink) => sink.topic.name === topic))
    .flatMap((stage) =>
      Array.from(
        { length: partitionsOfStage(stage, (name) => log.partitionsOf(name)) },
        (_, partition) => `${stage.name}/${partition}`,
      ),
    );
  return tasks.length === 0 ? ['external'] : tasks;
};

type InputTime = Pick<InputInsight, 'watermark' | 'highest' | 'heardAt' | 'isIdle'>;

/** An input is known by its place and who writes it. */
const timeOf = (eventTime: EventTime, place: string, producer: string): InputTime => {
  const known = eventTime.inputs[`${place} ${producer}`];
  const highest = known?.highest ?? -Infinity;
  return {
    highest,
    watermark: known?.watermark ?? highest,
    heardAt: known?.heardAt ?? -Infinity,
    isIdle: known?.isIdle ?? false,
  };
};

/** Records of one partition around the place where a task stands. */
interface Neighbours {
  /** Those that are done, as far as they are looked at, and the first that is not. */
  readonly done: readonly LogRecord[];
  readonly next: LogRecord | undefined;
}

/** How far back the record is sought that told of the latest event. */
const LOOK_BACK = 500;

const neighboursOf = async (
  log: InsightSources['log'],
  topic: string,
  partition: number,
  resume: number,
): Promise<Neighbours> => {
  const from = Math.max(0, resume - LOOK_BACK);
  const done = resume === 0 ? [] : await log.read(topic, partition, from, 4 << 20);
  const [next] = await log.read(topic, partition, resume, 1);
  return { done: done.filter(({ offset }) => offset < resume), next };
};

/** The record by which a producer told of its latest event; the last that it wrote where that lies too far back. */
const lastOf = (
  { done }: Neighbours,
  topic: Topic<unknown>,
  producer: string,
  highest: number,
): RecordInsight | null => {
  const own = done.filter((record) => record.producer === producer).map((record) => toldBy(topic, record));
  return own.findLast(({ at }) => at === highest) ?? own.at(-1) ?? null;
};

const toldBy = (topic: Topic<unknown>, record: LogRecord): RecordInsight => {
  const { offset, key, heardAt } = record;
  return { offset, key, heardAt, at: eventTimeOf(topic, record) };
};

const eventTimeOf = (topic: Topic<unknown>, record: LogRecord): number | null => {
  try {
    const at = topic.at(topic.read(record), record);
    return Number.isFinite(at) ? at : null;
  } catch {
    // A record that cannot be read says no time.
    return null;
  }
};
