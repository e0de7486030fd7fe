import { BeatBuilder } from '../../runtime/beat-builder.ts';
import type { Pipeline, SinkNode, Stage } from '../../runtime/graph.ts';
import { StepStates } from '../../runtime/state/step-states.ts';
import type { StepCount } from '../../runtime/step.ts';
import { type WiredStage, wireStage } from '../../runtime/task-plan.ts';
import { Watermarks, type WatermarkInput } from '../../runtime/watermarks.ts';

/** A row as one task hears it. Its channel is (topic, partition, producer); each has event time of its own. */
export interface KernelRow {
  readonly topic: string;
  readonly partition?: number;
  readonly heardAt: number;
  readonly row: { readonly at: number };
}

/** A row that came out, with all that the engine knows of it. */
export interface KernelAnswer {
  readonly topic: string;
  /** Node that wrote it. */
  readonly sink: number;
  readonly key: string | number | null;
  readonly row: unknown;
  readonly at: number;
  readonly heardAt: number;
  readonly origin: number;
}

export interface KernelSettings {
  /** Partitions of a topic that the task reads; 1 where nothing is said. */
  readonly partitions?: Readonly<Record<string, number>>;
  readonly idleMs?: number;
  /** Log time goes on to here when all rows were heard. */
  readonly endsAt: number;
  /** Rows in a beat, 256 at most; a list is gone through again and again. */
  readonly rowsInBeat?: number | readonly number[];
  /** Before these rows time goes on to just before them, without a row. */
  readonly ticksBefore?: ReadonlySet<number>;
  /** Before these rows the state goes through a checkpoint into a new kernel, made of all deltas, or all of one. */
  readonly restarts?: ReadonlyMap<number, 'deltas' | 'all'>;
}

export interface KernelRun {
  readonly answers: readonly KernelAnswer[];
  readonly counts: Readonly<Partial<Record<StepCount, number>>>;
  readonly failures: readonly { readonly row: unknown; readonly reason: string }[];
  /** Entries of state that are left, by step and part. */
  readonly sizes: ReadonlyMap<string, number>;
}

type Saved = Readonly<Record<string, unknown>>;

/**
 * One task of a pipeline of one stage without disk, log and threads: what is heard goes through the very operators,
 * beats and watermarks of the engine. Made for thousands of runs a second.
 */
export const runKernel = (
  pipeline: Pipeline,
  rows: readonly KernelRow[],
  settings: KernelSettings,
): KernelRun => {
  const stage = pipeline.stages[0]!;
  const inputs = inputsOf(stage, settings);
  const said: Said = { answers: [], counts: {}, failures: [] };
  let kernel = newKernel(stage, inputs, settings, said);
  const saved: Saved[] = [];
  const sizes = settings.rowsInBeat ?? 256;
  let beat = 0;
  const wanted = (): number => (typeof sizes === 'number' ? sizes : sizes[beat % sizes.length]!);
  const send = (): void => {
    kernel.send();
    beat += 1;
  };
  for (const [index, heard] of rows.entries()) {
    const restart = settings.restarts?.get(index);
    if (restart !== undefined) {
      send();
      if (restart === 'all') saved.splice(0, saved.length, ...kernel.all());
      else saved.push(kernel.delta());
      const eventTime = kernel.watermarks.snapshot();
      kernel.stop();
      kernel = newKernel(stage, inputs, settings, said);
      kernel.restore(saved, eventTime);
    }
    if (settings.ticksBefore?.has(index) === true) {
      kernel.tick(heard.heardAt - 1 / 512);
      send();
    }
    kernel.hear(heard);
    if (kernel.beats.isFull || kernel.beats.rows >= wanted()) send();
  }
  send();
  kernel.tick(settings.endsAt);
  send();
  kernel.stop();
  // As in a commit: by log time, then by the place in the graph.
  said.answers.sort((a, b) => a.heardAt - b.heardAt || a.sink - b.sink);
  return { ...said, sizes: kernel.states.sizes() };
};

interface Said {
  readonly answers: KernelAnswer[];
  readonly counts: Partial<Record<StepCount, number>>;
  readonly failures: { readonly row: unknown; readonly reason: string }[];
}

interface Input extends WatermarkInput {
  readonly node: number;
}

const inputsOf = (stage: Stage, { partitions = {} }: KernelSettings): readonly Input[] =>
  stage.sources.flatMap(({ id, topic }) =>
    Array.from({ length: partitions[topic.name] ?? 1 }, (_, partition) => ({
      node: id,
      topic: topic.name,
      partition,
      producers: [''],
      disorderMs: topic.disorderMs,
      broadcast: topic.broadcast,
      stamped: false,
    })),
  );

const newKernel = (
  stage: Stage,
  inputs: readonly Input[],
  { idleMs = Infinity }: KernelSettings,
  said: Said,
) => {
  const states = new StepStates();
  const wired: WiredStage = wireStage(
    stage,
    (node) => {
      const step = node.kind === 'key' ? `key ${node.id}` : (node.step.name ?? `${node.id}`);
      return {
        step,
        task: 'kernel/0',
        services: {
          scorer: () => {
            throw new Error('there is no scorer here');
          },
        },
        checkpoint: (part, state) => states.add(step, part, state),
        paced: () => undefined,
        atBarrier: () => undefined,
        fail: ({ row, error }) => said.failures.push({ row, reason: String(error) }),
        hold: () => () => undefined,
        countRows: () => undefined,
        count: (what, n) => (said.counts[what] = (said.counts[what] ?? 0) + n),
      };
    },
    {
      rows: ({ id, topic }: SinkNode, { size, body, keys, at, heardAt, origin }) => {
        for (let index = 0; index < size; index++)
          said.answers.push({
            topic: topic.name,
            sink: id,
            key: keys === null ? null : keys[index]!,
            row: body.row(index),
            at: at[index]!,
            heardAt: heardAt[index]!,
            origin: origin[index]!,
          });
      },
      barrier: () => undefined,
    },
  );
  const stop = wired.start((error) => {
    throw error;
  });
  const beats = new BeatBuilder(stage);
  const watermarks = new Watermarks(inputs, idleMs);
  const steps = [
    ...new Set(stage.nodes.flatMap((node) => (node.kind === 'step' ? [node.step.name ?? `${node.id}`] : []))),
  ];
  const send = (): void => {
    beats.send((node, item) => wired.inlets.get(node)!.next(item));
  };
  const becomeIdle = (now: number): void => {
    for (let at = watermarks.idleBefore(now); at !== undefined; at = watermarks.idleBefore(now))
      if (!beats.isFull) beats.tick(at, watermarks.watermark);
  };
  return {
    states,
    beats,
    watermarks,
    stop,
    send,
    hear: ({ topic, partition = 0, heardAt, row }: KernelRow): void => {
      const index = inputs.findIndex((one) => one.topic === topic && one.partition === partition);
      const { node } = inputs[index]!;
      becomeIdle(heardAt);
      const origin = watermarks.originOf(index, '', heardAt);
      beats.row(node, row, row.at, heardAt, origin);
      watermarks.row(index, '', row.at);
      beats.setWatermark(watermarks.watermark);
    },
    tick: (now: number): void => {
      becomeIdle(now);
      beats.tick(now, watermarks.watermark);
    },
    /** What changed since the last one, as it would come back from a disk. */
    delta: (): Saved => {
      const into = { states: {}, all: undefined };
      for (const step of steps) states.take(step, into);
      return structuredClone(into.states);
    },
    /** All of it; the parts are taken only once the state has gone on, as the engine takes them. */
    all: (): readonly Saved[] => {
      const all: Record<string, Iterable<unknown>> = {};
      for (const step of steps) states.take(step, { states: {}, all });
      return Object.entries(all).flatMap(([name, parts]) =>
        [...parts].map((part) => structuredClone({ [name]: part })),
      );
    },
    restore: (saved: readonly Saved[], eventTime: ReturnType<Watermarks['snapshot']>): void => {
      for (const parts of saved)
        for (const [name, part] of Object.entries(parts)) states.restore(name, structuredClone(part));
      watermarks.restore(eventTime);
      if (eventTime.watermark === -Infinity) return;
      beats.tick(-Infinity, eventTime.watermark);
      send();
    },
  };
};
