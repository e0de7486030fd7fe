import { BarrierPace } from './barrier-pace.ts';
import { Beats } from './beats.ts';
import { Checkpoints, type Restore } from './checkpoints.ts';
import { type Epoch, Epochs } from './epochs.ts';
import { Intake } from './intake.ts';
import type { Item } from './item.ts';
import type { TopicWrite } from './log/log.ts';
import { type InputPosition, Merge } from './merge.ts';
import { MomentMemory } from './moment-memory.ts';
import { nameOf, participantsOf, SOURCE } from './participants.ts';
import { RecordReader } from './record-reader.ts';
import { Shares } from './shares.ts';
import type { EventTime } from './state/task-snapshot.ts';
import { StepStates } from './state/step-states.ts';
import type { TaskOptions } from './task-options.ts';
import { COMMITS_UNDER_WAY, TaskGate } from './task-gate.ts';
import type { TaskLook, TaskView } from './task-view.ts';
import { TaskOutputs } from './task-outputs.ts';
import { type ContextOf, wireStage, type WiredStage } from './task-plan.ts';

/**
 * One partition of a stage: reads its inputs in log-time order, moves them through the operators, and at each barrier
 * commits rows, changed state and positions as one frame of the log. After a crash it starts from the last commit and
 * does the same again. Guarantee: log → state → log exactly once.
 */
export class Task implements TaskView {
  readonly name: string;
  readonly #options: TaskOptions;
  readonly #wired: WiredStage;
  readonly #states = new StepStates();
  readonly #epochs: Epochs;
  readonly #checkpoints: Checkpoints;
  readonly #intake: Intake;
  readonly #moments: MomentMemory;
  readonly #outputs: TaskOutputs;
  readonly #reader: RecordReader;
  readonly #pace: BarrierPace;
  readonly #shares = new Shares();
  #merge!: Merge;
  #beats!: Beats;
  #gate!: TaskGate;
  #epoch = 0;
  #underWay = 0;
  #stopping = false;
  #failed = false;
  #wake: (() => void) | undefined;
  #woken = false;
  #running: Promise<void> | undefined;
  #stopWiring: () => void = () => undefined;

  constructor(options: TaskOptions) {
    this.name = options.name;
    this.#options = options;
    const { wall, checkpointMs } = options;
    this.#pace = new BarrierPace({ wall, checkpointMs, wake: () => this.wake() });
    this.#checkpoints = new Checkpoints({ ...options, task: options.name });
    this.#intake = new Intake(options.stage, options.inputs, options.idleMs);
    this.#moments = new MomentMemory(options.inputs);
    this.#outputs = new TaskOutputs(
      this,
      options,
      this.#moments,
      (...record) => this.#epochs.gather(...record),
      (error) => this.#fail(error),
    );
    this.#reader = new RecordReader(options.inputs, this.#intake, this.#moments, (failure) =>
      this.#outputs.letter(SOURCE, SOURCE, failure),
    );
    this.#epochs = new Epochs(participantsOf(options.stage), (epoch, writes) => {
      void this.#commit(epoch, writes);
    });
    this.#wired = wireStage(options.stage, this.#contextOf, {
      rows: (sink, rows) => this.#outputs.write(sink, rows),
      barrier: (sink, epoch) => this.#epochs.arrived(`sink:${sink.id}`, epoch),
    });
    this.#stopWiring = this.#wired.start((error) => this.#fail(error));
  }

  /** Takes up what the task has committed so far where it runs, and when called again what came since. */
  follow(): Promise<void> {
    return this.#checkpoints.follow(this.#restore);
  }

  /** Brings back the state of the last commit. */
  async recover(): Promise<void> {
    await this.#checkpoints.load(this.#restore);
    const { log, observer } = this.#options;
    this.#merge = new Merge(log, this.#options.inputs, this.#checkpoints.positions);
    this.#beats = new Beats({
      ...this.#options,
      merge: this.#merge,
      reader: this.#reader,
      intake: this.#intake,
      shares: this.#shares,
      send: () => this.#sendBeat(),
      sent: (rows, late) => observer.rowsIn(this, rows, late),
    });
    this.#gate = new TaskGate({
      credit: this.#options.credit,
      underWay: () => this.#underWay + this.#outputs.underWay,
      merge: this.#merge,
      beats: this.#beats,
      shares: this.#shares,
      states: this.#states,
      epochs: this.#epochs,
      checkpoints: this.#checkpoints,
      pace: this.#pace,
    });
    this.#checkpoints.holdFrom(this.#merge.positions());
    // The operators take up event time where they were.
    this.#intake.resume();
    this.#sendBeat();
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

  /** Stops without a commit: what it has done since its last one is for another process to do again. */
  abandon(): Promise<void> {
    this.#failed = true;
    return this.stop();
  }

  /** True when everything heard up to log time `t` is done and committed. */
  settled(t: number): boolean {
    return (
      this.#underWay === 0 &&
      this.#outputs.underWay === 0 &&
      this.#epochs.onTheWay === 0 &&
      this.#checkpoints.underWay === 0 &&
      !this.#gate.isDirty &&
      this.#merge.lag === 0 &&
      this.#intake.time >= t
    );
  }

  /** A step has shares of work that log time has not come to yet. */
  get sharesWait(): boolean {
    return this.#shares.at < Infinity;
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
    return this.#intake.watermark;
  }

  /** How far event time has come now, with all that it depends on. */
  get eventTime(): EventTime {
    return this.#intake.eventTime;
  }

  /** Rows and bytes that it has read from the log and not taken yet. */
  get ahead(): { readonly rows: number; readonly bytes: number } {
    return this.#merge.held;
  }

  /** Bytes of rows that wait for their barrier. */
  get gatheredBytes(): number {
    return this.#epochs.bytes;
  }

  /** What the task has begun and not finished: batches outside the thread, commits, barriers among its steps. */
  get begun(): { readonly underWay: number; readonly commits: number; readonly barriers: number } {
    return {
      underWay: this.#underWay,
      commits: this.#checkpoints.underWay,
      barriers: this.#epochs.onTheWay,
    };
  }

  get time(): number {
    return this.#intake.time;
  }

  get epoch(): number {
    return this.#epoch;
  }

  /** Where its last commit came to in each of its inputs. */
  get positions(): Readonly<Record<string, InputPosition>> {
    return this.#checkpoints.positions;
  }

  /** First offsets that a restart would read, by `topic/partition`. */
  get holds(): ReadonlyMap<string, number> {
    return this.#checkpoints.holds;
  }

  /** All of one moment. */
  look(): Promise<TaskLook> {
    const { time, eventTime, holds, creditLeft, begun } = this;
    return Promise.resolve({ time, eventTime, holds, creditLeft, begun });
  }

  stateKeys(): ReadonlyMap<string, number> {
    return this.#states.sizes();
  }

  async #run(): Promise<void> {
    while (!this.#stopping && !this.#failed) {
      this.#woken = false;
      await this.#merge.fill();
      if (this.#isBusy) {
        await this.#options.turn();
        if (this.#failed) break;
        this.#beats.turn(() => this.#gate.mayTake);
      }
      this.#advanceTime();
      this.#checkpoint(false);
      if (this.#stopping) break;
      if (this.#isBusy) continue;
      if (this.#merge.canFill) await this.#options.turn();
      else if (!this.#woken) await this.#sleep();
    }
    await this.#sleepWhile(() => this.#underWay > 0 || this.#checkpoints.underWay >= COMMITS_UNDER_WAY);
    if (!this.#failed) this.#checkpoint(true);
    await this.#sleepWhile(
      () => this.#epochs.onTheWay > 0 || this.#checkpoints.underWay > 0 || this.#outputs.underWay > 0,
    );
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

  get #isBusy(): boolean {
    return this.#gate.isReady || this.#gate.isShareDue;
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

  /**
   * Tells the steps how late it is, and below which event time nothing is expected any more. Time does not pass the next
   * share of work, and comes to it alone.
   */
  #advanceTime(): void {
    const now = this.#gate.isShareDue ? this.#shares.at : this.#gate.doneUntil;
    if (now === undefined || now === Infinity || now <= this.#intake.time) return;
    this.#intake.tick(now);
    this.#sendBeat();
  }

  #sendBeat(): void {
    this.#intake.send((node, item) => {
      // Before a step sees the rows: one that fails on one is asked at once where it came from.
      if (item.kind === 'rows') this.#moments.keep(item.progress);
      this.#wired.inlets.get(node)!.next(item);
    });
  }

  #checkpoint(last: boolean): void {
    const { log, wall } = this.#options;
    const frontier = this.#gate.doneUntil;
    if (frontier === undefined) return;
    const isIdle = this.#epochs.onTheWay === 0 && this.#checkpoints.underWay === 0 && this.#underWay === 0;
    if (!this.#gate.isDirty) {
      if (isIdle) log.publishFrontier(this.name, frontier);
      return;
    }
    if (!this.#gate.takesBarrier) return;
    if (!last && !this.#pace.allows(this.#isBusy)) return;
    this.#pace.begin();
    this.#beats.restart();
    this.#epoch += 1;
    this.#epochs.begin({
      epoch: this.#epoch,
      frontier,
      begunAt: wall.now(),
      states: {},
      all: this.#checkpoints.wantsBase(this.sharesWait) ? {} : undefined,
      positions: this.#merge.positions(),
      eventTime: this.#intake.eventTime,
    });
    this.#epochs.arrived(SOURCE, this.#epoch);
    const barrier: Item<unknown> = { kind: 'barrier', epoch: this.#epoch };
    for (const source of this.#options.stage.sources) this.#wired.inlets.get(source.id)!.next(barrier);
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

  readonly #restore: Restore = {
    snapshot: ({ epoch, eventTime }) => {
      this.#epoch = epoch;
      this.#intake.restore(eventTime);
    },
    state: (name, part) => this.#states.restore(name, part),
  };

  readonly #contextOf: ContextOf = (node) => {
    const { services, observer } = this.#options;
    const step = nameOf(node);
    return {
      step,
      task: this.name,
      services,
      checkpoint: (part, state) => this.#states.add(step, part, state),
      paced: (next) => this.#shares.add(next),
      atBarrier: (epoch) => {
        const passing = this.#epochs.find(epoch);
        if (passing !== undefined) this.#states.take(step, passing);
        this.#epochs.arrived(`step:${step}`, epoch);
      },
      fail: (failure) => this.#outputs.letter(`step:${step}`, step, failure),
      hold: () => {
        this.#underWay += 1;
        return () => {
          this.#underWay -= 1;
          this.wake();
        };
      },
      countRows: (n) => observer.counted(this, step, n),
      count: (what, n) => observer.counts(this, step, what, n),
    };
  };
}
