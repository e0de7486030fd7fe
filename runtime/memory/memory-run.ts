import { ForewarnError } from '../forewarn-error.ts';
import type { Pipeline, SinkNode, SourceNode, Stage } from '../graph.ts';
import { type Rows, WANTED_ROWS } from '../item.ts';
import { partitionOf } from '../log/partitioner.ts';
import type { RowFailure, Services, StepCount } from '../step.ts';
import { Stamps } from '../stamps.ts';
import { Kernel } from './kernel.ts';

export interface MemoryRunOptions {
  readonly partitions?: number;
  /** Instead of what the topics say. */
  readonly disorderMs?: Readonly<Record<string, number>>;
  readonly idleMs?: number;
  readonly services?: Services;
  /** Rows that are written to a topic, in the order of the log. They are lent: who keeps them copies them. */
  readonly onRows: (topic: string, rows: Rows<unknown>) => void;
  readonly onLate?: (topic: string, row: unknown) => void;
  readonly onCount?: (step: string, what: StepCount, n: number) => void;
  /** A row that a step could not use; without it the run stops. */
  readonly onFailure?: (step: string, failure: RowFailure) => void;
}

/** A row or a stamp on its way to a stage that other stages write for. */
interface Passing {
  readonly source: SourceNode;
  readonly heardAt: number;
  readonly producer: string;
  readonly row: unknown;
  readonly at: number;
  readonly key: string;
  readonly isStamp: boolean;
}

interface RunningStage {
  readonly stage: Stage;
  readonly kernels: readonly Kernel[];
  /** Input of the kernels by topic. */
  readonly inputOf: ReadonlyMap<string, number>;
  /** What waits until the stages before have done their part; null for a stage that reads nothing of theirs. */
  passing: Passing[] | null;
}

const noServices: Services = {
  scorer: (model) => {
    throw new ForewarnError('FW208', `model "${model}" is not there: this run has no models`);
  },
};

/**
 * Runs a pipeline in memory, with as many tasks a stage as there are partitions: the same steps in the same order as an
 * engine runs them on a log, without log, checkpoint or disk. Guarantee: none over a crash; it is for tests,
 * benchmarks and flows that are subscribed to.
 */
export class MemoryRun {
  readonly #options: MemoryRunOptions;
  readonly #partitions: number;
  readonly #stages: RunningStage[] = [];
  readonly #readers = new Map<string, { readonly stage: RunningStage; readonly source: SourceNode }[]>();
  readonly #stamps = new Map<string, Stamps>();
  #heardAt = 0;
  #waiting = 0;
  #error: Error | undefined;

  constructor(pipeline: Pipeline, options: MemoryRunOptions) {
    this.#options = options;
    this.#partitions = options.partitions ?? 1;
    const inside = new Set(
      pipeline.nodes.flatMap((node) => (node.kind === 'source' ? [node.topic.name] : [])),
    );
    const written = new Map<string, Stage>();
    for (const stage of pipeline.stages) for (const { topic } of stage.sinks) written.set(topic.name, stage);
    for (const stage of inOrder(pipeline.stages)) this.#stages.push(this.#run(stage, inside, written));
  }

  /** Rows of a topic, in the order in which the log would hear them. `heardAt` is log time; it must not go back. */
  push(topic: string, row: unknown, heardAt = this.#heardAt + 1): void {
    this.#heardAt = heardAt;
    for (const { stage, source } of this.#readers.get(topic) ?? []) {
      const at = source.topic.at(row, NO_RECORD);
      const isOne = this.#partitions === 1;
      if (isOne && stage.passing === null) {
        const late = stage.kernels[0]!.row(stage.inputOf.get(topic)!, EXTERNAL, row, at, heardAt);
        if (late) this.#options.onLate?.(topic, row);
        continue;
      }
      const key = source.topic.broadcast || isOne ? '' : source.topic.key(row);
      const passing = { source, heardAt, producer: EXTERNAL, row, at, key, isStamp: false };
      if (stage.passing === null) this.#take(stage, passing);
      else stage.passing.push(passing);
    }
    this.#waiting += 1;
    if (this.#waiting >= WANTED_ROWS) this.flush();
  }

  /** Brings everything that was pushed through all stages. */
  flush(): void {
    this.#waiting = 0;
    for (const running of this.#stages) {
      this.#deliver(running);
      for (const kernel of running.kernels) {
        if (this.#partitions > 1) kernel.tick(this.#heardAt);
        else kernel.send();
      }
    }
    this.#throw();
  }

  /** Log time comes to `now` without a row. */
  tick(now: number): void {
    this.#heardAt = now;
    this.#waiting = 0;
    for (const running of this.#stages) {
      this.#deliver(running);
      for (const kernel of running.kernels) kernel.tick(now);
    }
    this.#throw();
  }

  /** No row will come any more. */
  end(): void {
    this.flush();
    for (const running of this.#stages) {
      this.#deliver(running);
      for (const kernel of running.kernels) kernel.end();
    }
    this.#throw();
    this.close();
  }

  close(): void {
    for (const { kernels } of this.#stages) for (const kernel of kernels) kernel.close();
  }

  #stopAt(error: unknown): void {
    this.#error ??= error instanceof Error ? error : new Error(String(error));
  }

  #throw(): void {
    if (this.#error !== undefined) throw this.#error;
  }

  #run(stage: Stage, inside: ReadonlySet<string>, written: ReadonlyMap<string, Stage>): RunningStage {
    const { idleMs = Infinity, services = noServices, onCount } = this.#options;
    const inputs = stage.sources.map(({ id, topic }) => {
      const writer = written.get(topic.name);
      return {
        node: id,
        topic: topic.name,
        producers:
          writer === undefined
            ? [EXTERNAL]
            : Array.from({ length: this.#partitions }, (_, partition) => `${writer.name}/${partition}`),
        disorderMs: this.#options.disorderMs?.[topic.name] ?? topic.disorderMs,
        broadcast: topic.broadcast,
        stamped: topic.internal,
      };
    });
    const kernels = Array.from({ length: this.#partitions }, (_, partition) => {
      const name = `${stage.name}/${partition}`;
      return new Kernel({
        stage,
        partition,
        inputs: inputs.map((input) => ({ ...input, partition })),
        idleMs,
        services,
        onRows: (sink, rows) => this.#write(sink, rows, name, inside),
        onFailure: (step, failure) => {
          if (this.#options.onFailure === undefined) this.#stopAt(failure.error);
          else this.#options.onFailure(step, failure);
        },
        ...(onCount === undefined ? {} : { onCount }),
        onError: (error) => this.#stopAt(error),
      });
    });
    const running: RunningStage = {
      stage,
      kernels,
      inputOf: new Map(inputs.map(({ topic }, index) => [topic, index])),
      passing: stage.sources.some(({ topic }) => written.has(topic.name)) ? [] : null,
    };
    for (const source of stage.sources) {
      const readers = this.#readers.get(source.topic.name) ?? [];
      readers.push({ stage: running, source });
      this.#readers.set(source.topic.name, readers);
    }
    return running;
  }

  #write(sink: SinkNode, rows: Rows<unknown>, producer: string, inside: ReadonlySet<string>): void {
    const { topic } = sink;
    if (!topic.internal && rows.size > 0) this.#options.onRows(topic.name, rows);
    if (!inside.has(topic.name)) return;
    const { body, at, heardAt, size, progress, last } = rows;
    const stamps = topic.internal && last ? this.#stampsOf(sink, producer).of(progress) : [];
    for (const { stage, source } of this.#readers.get(topic.name)!) {
      for (let index = 0; index < size; index++) {
        const row = body.row(index);
        const key = this.#partitions === 1 ? '' : topic.key(row);
        const moment = { heardAt: heardAt[index]!, at: at[index]! };
        stage.passing!.push({ source, producer, row, key, isStamp: false, ...moment });
      }
      for (const { t, heardAt: saidAt } of stamps)
        stage.passing!.push({ source, producer, row: null, key: '', at: t, heardAt: saidAt, isStamp: true });
    }
  }

  #stampsOf(sink: SinkNode, producer: string): Stamps {
    const name = `${sink.id} ${producer}`;
    let stamps = this.#stamps.get(name);
    if (stamps === undefined) this.#stamps.set(name, (stamps = new Stamps()));
    return stamps;
  }

  /** What the stages before have written since the last time, in the order of log time. */
  #deliver(running: RunningStage): void {
    const { passing } = running;
    if (passing === null || passing.length === 0) return;
    running.passing = [];
    passing.sort((a, b) => a.heardAt - b.heardAt);
    for (const one of passing) this.#take(running, one);
  }

  #take(
    { kernels, inputOf }: RunningStage,
    { source, heardAt, producer, row, at, key, isStamp }: Passing,
  ): void {
    const { topic } = source;
    const input = inputOf.get(topic.name)!;
    if (isStamp) {
      for (const kernel of kernels) kernel.stamp(input, producer, at, heardAt);
      return;
    }
    const all = topic.broadcast || kernels.length === 1;
    for (const kernel of all ? kernels : [kernels[partitionOf(key, kernels.length)]!]) {
      if (kernel.row(input, producer, row, at, heardAt)) this.#options.onLate?.(topic.name, row);
    }
  }
}

const EXTERNAL = 'external';
/** What a topic that reads its event time out of the record is given: in memory it comes beside the row. */
const NO_RECORD = {
  offset: 0,
  heardAt: 0,
  producer: EXTERNAL,
  key: '',
  headers: {},
  value: new Uint8Array(8),
};

/** Writers before their readers. */
const inOrder = (stages: readonly Stage[]): readonly Stage[] => {
  const done: Stage[] = [];
  const visit = (stage: Stage): void => {
    if (done.includes(stage)) return;
    const read = new Set(stage.sources.map(({ topic }) => topic.name));
    for (const other of stages) if (other.sinks.some(({ topic }) => read.has(topic.name))) visit(other);
    if (!done.includes(stage)) done.push(stage);
  };
  stages.forEach(visit);
  return done;
};
