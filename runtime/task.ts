import { Checkpoints } from './checkpoints.ts';
import { type Epoch, Epochs } from './epochs.ts';
import type { Stage, StepNode } from './graph.ts';
import { type Control, MAX_ROWS, RowsBuilder } from './item.ts';
import type { TopicWrite } from './log/log.ts';
import { Merge } from './merge.ts';
import { StepStates } from './state/step-states.ts';
import type { TaskSnapshot } from './state/snapshot-store.ts';
import type { StepContext } from './step.ts';
import type { TaskOptions } from './task-options.ts';
import { wireStage, type WiredStage } from './task-plan.ts';
import type { Topic } from './topic.ts';
import { Watermarks } from './watermarks.ts';

const COMMITS_UNDER_WAY = 2;
/** For so long a task may keep the thread, before requests, the disk and the other tasks have their turn. */
const TURN_MS = 5;

/**
 * One partition of a stage: reads its inputs in log-time order, moves them through the operators, and at each barrier
 * commits rows, changed state and positions as one frame of the log. After a crash it starts from the last commit and
 * does the same again. Guarantee: log → state → log exactly once.
 */
export class Task {
  readonly name: string;
  readonly #options: TaskOptions;
  readonly #wired: WiredStage;
  readonly #states = new StepStates();
  readonly #epochs: Epochs;
  readonly #checkpoints: Checkpoints;
  readonly #builders: readonly RowsBuilder<unknown>[];
  #merge!: Merge;
  #epoch = 0;
  readonly #watermarks: Watermarks;
  #time = -Infinity;
  #rowsSinceBarrier = 0;
  /** Fewer where rows are dear, so that no batch is longer than a turn; what comes out does not depend on it. */
  #rowsAtOnce = 64;
  #underWay = 0;
  #checkpointTimer: NodeJS.Timeout | undefined;
  #lastBarrierAt: number;
  #stopping = false;
  #failed = false;
  #wake: (() => void) | undefined;
  #woken = false;
  #running: Promise<void> | undefined;
  #stopWiring: () => void = () => undefined;

  constructor(options: TaskOptions) {
    this.name = options.name;
    this.#options = options;
    this.#lastBarrierAt = options.wall.now();
    this.#checkpoints = new Checkpoints({ ...options, task: options.name });
    this.#watermarks = new Watermarks(options.inputs, options.idleMs);
    this.#epochs = new Epochs(participantsOf(options.stage), (epoch, writes) => {
      void this.#commit(epoch, writes);
    });
    this.#wired = wireStage(options.stage, (node) => this.#contextOf(nameOf(node)), {
      rows: (node, topic, { values, heardAt }) => {
        for (let index = 0; index < values.length; index++) {
          this.#gather(`sink:${node}`, topic, values[index], heardAt[index]!);
        }
      },
      barrier: (node, epoch) => this.#epochs.arrived(`sink:${node}`, epoch),
    });
    this.#builders = options.inputs.map(
      (input) => new RowsBuilder<unknown>((rows) => this.#wired.inlets.get(input.node)!.next(rows)),
    );
    this.#stopWiring = this.#wired.start((error) => this.#fail(error));
  }

  /** Brings back the state of the last commit. */
  async recover(): Promise<void> {
    await this.#checkpoints.load((snapshot) => this.#restore(snapshot));
    this.#merge = new Merge(this.#options.log, this.#options.inputs, this.#checkpoints.positions);
    this.#checkpoints.holdFrom(this.#merge.positions());
  }

  start(): void {
    this.#running = this.#run().catch((error: unknown) => this.#fail(error));
  }

  /** Something may have become possible: durable input, credit, time. */
  wake(): void {
    this.#woken = true;
    this.#wake?.();
  }

  /** Commits what it has done and stops; one that has failed commits nothing any more. */
  async stop(): Promise<void> {
    this.#stopping = true;
    this.wake();
    await this.#running;
    // Even one that has failed leaves no write behind that is still under way.
    while (this.#checkpoints.underWay > 0) await this.#sleep();
    this.#stopWiring();
  }

  /** True when everything heard up to log time `t` is done and committed. */
  settled(t: number): boolean {
    return (
      this.#underWay === 0 &&
      this.#epochs.onTheWay === 0 &&
      this.#checkpoints.underWay === 0 &&
      !this.#dirty &&
      this.#merge.lag === 0 &&
      this.#time >= t
    );
  }

  get stage(): string {
    return this.#options.stage.name;
  }

  get creditLeft(): number {
    return this.#options.credit - this.#underWay;
  }

  get lag(): number {
    return this.#merge.lag;
  }

  get watermark(): number {
    return this.#watermarks.watermark;
  }

  get time(): number {
    return this.#time;
  }

  get epoch(): number {
    return this.#epoch;
  }

  /** First offsets that a restart would read, by `topic/partition`. */
  get holds(): ReadonlyMap<string, number> {
    return this.#checkpoints.holds;
  }

  stateKeys(): ReadonlyMap<string, number> {
    return this.#states.sizes();
  }

  async #run(): Promise<void> {
    while (!this.#stopping && !this.#failed) {
      this.#woken = false;
      await this.#merge.fill();
      if (this.#ready) {
        await this.#options.turn();
        if (this.#failed) break;
        this.#drain();
      }
      this.#advanceTime();
      this.#checkpoint(false);
      if (this.#stopping) break;
      if (this.#ready) continue;
      if (this.#merge.canFill) await this.#options.turn();
      else if (!this.#woken) await this.#sleep();
    }
    await this.#sleepWhile(() => this.#underWay > 0 || this.#checkpoints.underWay >= COMMITS_UNDER_WAY);
    if (!this.#failed) this.#checkpoint(true);
    await this.#sleepWhile(() => this.#epochs.onTheWay > 0 || this.#checkpoints.underWay > 0);
  }

  async #sleepWhile(holds: () => boolean): Promise<void> {
    while (!this.#failed && holds()) await this.#sleep();
  }

  /** It cannot go on: what is not committed will be done again after a restart. */
  #fail(error: unknown): void {
    if (this.#failed) return;
    this.#failed = true;
    this.wake();
    this.#options.onError(error);
  }

  get #ready(): boolean {
    return (
      this.#underWay < this.#options.credit &&
      this.#checkpoints.underWay < COMMITS_UNDER_WAY &&
      this.#merge.peek() >= 0
    );
  }

  get #dirty(): boolean {
    return this.#rowsSinceBarrier > 0 || this.#epochs.hasRows || this.#states.dirty;
  }

  #sleep(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.#wake?.(), this.#options.checkpointMs);
      this.#wake = () => {
        this.#wake = undefined;
        clearTimeout(timer);
        resolve();
      };
    });
  }

  /** Takes what may be taken, in runs of one input, for about as long as one turn may last. */
  #drain(): void {
    const { wall } = this.#options;
    const begun = wall.now();
    for (let spentMs = 0, tookMs = 0; this.#ready && spentMs < TURN_MS; spentMs += tookMs) {
      const index = this.#merge.peek();
      const input = this.#options.inputs[index]!;
      const builder = this.#builders[index]!;
      let late = 0;
      let rows = 0;
      do {
        const record = this.#merge.take(index);
        const row = input.source.read(record);
        const at = input.source.at(row);
        if (this.#watermarks.row(index, at, record.heardAt)) late += 1;
        builder.push(row, record.key, at, record.heardAt);
        rows += 1;
      } while (rows < this.#rowsAtOnce && this.#merge.peek() === index);
      builder.flush();
      this.#rowsSinceBarrier += rows;
      this.#options.observer.rowsIn(this, rows, late);
      tookMs = wall.now() - begun - spentMs;
      if (tookMs > TURN_MS) this.#rowsAtOnce = Math.max(1, Math.floor((rows * TURN_MS) / tookMs));
      else if (tookMs < TURN_MS / 4) this.#rowsAtOnce = Math.min(MAX_ROWS, this.#rowsAtOnce * 2);
    }
  }

  /** Tells the steps how late it is, and below which event time nothing is expected any more. */
  #advanceTime(): void {
    const now = this.#merge.frontier;
    if (now === undefined || now === Infinity) return;
    if (now > this.#time) {
      this.#time = now;
      this.#send({ kind: 'time', now });
    }
    if (this.#watermarks.advance(now, (input) => this.#merge.lagOf(input)))
      this.#send({ kind: 'watermark', t: this.#watermarks.watermark });
  }

  #checkpoint(last: boolean): void {
    const { log, wall, checkpointMs } = this.#options;
    const frontier = this.#merge.frontier;
    if (frontier === undefined) return;
    const isIdle = this.#epochs.onTheWay === 0 && this.#checkpoints.underWay === 0 && this.#underWay === 0;
    if (!this.#dirty) {
      if (isIdle) log.publishFrontier(this.name, frontier);
      return;
    }
    if (this.#epochs.onTheWay > 0 || this.#checkpoints.underWay >= COMMITS_UNDER_WAY) return;
    // While there is more to do a commit waits for its interval; when there is not, the next hop waits for it.
    const wanted = this.#ready ? checkpointMs : checkpointMs / 10;
    const waited = wall.now() - this.#lastBarrierAt;
    if (!last && waited < wanted) {
      if (this.#checkpointTimer === undefined) {
        this.#checkpointTimer = setTimeout(() => {
          this.#checkpointTimer = undefined;
          this.wake();
        }, wanted - waited);
      }
      return;
    }
    this.#lastBarrierAt = wall.now();
    this.#rowsSinceBarrier = 0;
    this.#epoch += 1;
    this.#epochs.begin({
      epoch: this.#epoch,
      frontier,
      begunAt: wall.now(),
      states: {},
      all: this.#checkpoints.wantsBase ? {} : undefined,
      positions: this.#merge.positions(),
      eventTime: this.#watermarks.snapshot(),
    });
    this.#send({ kind: 'barrier', epoch: this.#epoch });
  }

  #send(item: Control): void {
    for (const source of this.#options.stage.sources) this.#wired.inlets.get(source.id)!.next(item);
  }

  async #commit(epoch: Epoch, writes: readonly TopicWrite[]): Promise<void> {
    if (this.#failed) return;
    const { observer, wall } = this.#options;
    try {
      const stateBytes = await this.#checkpoints.commit(epoch, writes);
      observer.committed(this, {
        epoch: epoch.epoch,
        rows: writes.reduce((sum, write) => sum + write.records.length, 0),
        stateBytes,
        tookMs: wall.now() - epoch.begunAt,
      });
    } catch (error) {
      this.#fail(error);
    } finally {
      this.wake();
    }
  }

  #gather(who: string, topic: Topic<unknown>, row: unknown, heardAt: number): void {
    const key = topic.key(row);
    const partition = this.#options.log.partitionFor(topic.name, key);
    this.#epochs.gather(who, topic.name, partition, { key, value: topic.write(row), heardAt });
    this.#options.observer.rowOut(this, topic.name, row);
  }

  #restore(snapshot: TaskSnapshot): void {
    this.#states.restore(snapshot.states);
    this.#epoch = snapshot.epoch;
    this.#watermarks.restore(snapshot.eventTime);
  }

  #contextOf(step: string): StepContext {
    const { services, observer } = this.#options;
    return {
      step,
      task: this.name,
      services,
      checkpoint: (part, state) => this.#states.add(step, part, state),
      atBarrier: (epoch) => {
        const passing = this.#epochs.find(epoch);
        if (passing !== undefined) this.#states.take(step, passing);
        this.#epochs.arrived(`step:${step}`, epoch);
      },
      fail: (failure) => {
        const { topic, row } = this.#options.deadLetter(failure, step, this.name);
        this.#gather(`step:${step}`, topic, row, failure.heardAt);
        observer.failed(this, step, failure);
      },
      hold: () => {
        this.#underWay += 1;
        return () => {
          this.#underWay -= 1;
          this.wake();
        };
      },
      countRows: (n) => observer.counted(this, step, n),
    };
  }
}

const nameOf = (node: StepNode): string => node.step.name ?? `${node.step.verb}:${node.id}`;

/** Who must have seen a barrier before its epoch is complete. */
const participantsOf = ({ sinks, nodes }: Stage): readonly string[] => [
  ...sinks.map((sink) => `sink:${sink.id}`),
  ...nodes.flatMap((node) => (node.kind === 'step' ? [`step:${nameOf(node)}`] : [])),
];
