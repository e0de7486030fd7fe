import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Clock } from './clock.ts';
import type { Stage, StepNode } from './graph.ts';
import { type Control, MAX_ROWS, RowsBuilder } from './item.ts';
import { stateTopic } from './log/embedded-log.ts';
import type { Log, TaskRecord, TopicWrite } from './log/log.ts';
import { Merge, type MergeInput } from './merge.ts';
import type { Checkpointed, StateDelta } from './state/keyed-state.ts';
import {
  decodeSnapshot,
  encodeSnapshot,
  type SnapshotStore,
  type TaskSnapshot,
} from './state/snapshot-store.ts';
import type { RowFailure, Services, StepContext } from './step.ts';
import { wireStage, type WiredStage } from './task-plan.ts';
import type { TaskObserver } from './task-observer.ts';
import type { Topic } from './topic.ts';

export interface TaskInput extends MergeInput {
  /** Source node that its rows go to. */
  readonly node: number;
  readonly source: Topic<unknown>;
  /** How far behind the highest event time its rows may come before they are late. */
  readonly disorderMs: number;
  readonly broadcast: boolean;
}

export interface TaskOptions {
  readonly name: string;
  readonly partition: number;
  readonly stage: Stage;
  readonly inputs: readonly TaskInput[];
  readonly checkpointMs: number;
  /** Batches that may be under way outside the thread. */
  readonly credit: number;
  readonly idleMs: number;
  readonly log: Log;
  readonly snapshots: SnapshotStore;
  readonly services: Services;
  readonly observer: TaskObserver;
  /** Measures how long things take; decides nothing. */
  readonly wall: Clock;
  /** Row of the dead-letter topic for a row that a step could not use. */
  readonly deadLetter: (
    failure: RowFailure,
    step: string,
    task: string,
  ) => { readonly topic: Topic<unknown>; readonly row: unknown };
  readonly onError: (error: unknown) => void;
}

/** Rows that one sink, or the dead letters of one step, gathered since its last barrier. */
type Gathered = Map<
  string,
  { readonly topic: string; readonly partition: number; readonly records: TaskRecord[] }
>;

/** An epoch between its barrier and its commit. */
interface Pending {
  readonly epoch: number;
  readonly frontier: number;
  readonly begunAt: number;
  readonly waitingFor: Set<string>;
  readonly gathered: Map<string, Gathered>;
  readonly states: Record<string, StateDelta>;
  /** All of the state, when this epoch also writes a new base. */
  readonly everything: Record<string, StateDelta> | undefined;
  readonly positions: TaskSnapshot['positions'];
  readonly highest: Record<string, number>;
}

const COMMITS_UNDER_WAY = 2;
const COMPACT_AT_LEAST = 4 << 20;

/**
 * One partition of a stage: reads its inputs in log-time order, moves them through the operators, and at each barrier
 * commits rows, changed state and positions as one frame of the log. After a crash it starts from the last commit and
 * does the same again. Guarantee: log → state → log exactly once.
 */
export class Task {
  readonly name: string;
  readonly #options: TaskOptions;
  readonly #wired: WiredStage;
  readonly #states = new Map<string, Checkpointed>();
  readonly #builders: readonly RowsBuilder<unknown>[];
  #merge!: Merge;
  #epoch = 0;
  #stateOffset = 0;
  #deltaBytes = 0;
  #baseBytes = 0;
  #highest: Record<string, number> = {};
  #watermark = -Infinity;
  #time = -Infinity;
  #rowsSinceBarrier = 0;
  #underWay = 0;
  readonly #pending: Pending[] = [];
  #committing = 0;
  readonly #gathered = new Map<string, Gathered>();
  readonly #participants: readonly string[];
  #checkpointTimer: NodeJS.Timeout | undefined;
  #lastBarrierAt: number;
  #stopping = false;
  #wake: (() => void) | undefined;
  #woken = false;
  #running: Promise<void> | undefined;
  #stopWiring: () => void = () => undefined;

  constructor(options: TaskOptions) {
    this.name = options.name;
    this.#options = options;
    this.#lastBarrierAt = options.wall.now();
    this.#wired = wireStage(options.stage, (node) => this.#contextOf(nameOf(node)), {
      rows: (node, topic, { values, heardAt }) => {
        for (let index = 0; index < values.length; index++) {
          this.#gather(`sink:${node}`, topic, values[index], heardAt[index]!);
        }
      },
      barrier: (node, epoch) => this.#arrived(`sink:${node}`, epoch),
    });
    this.#participants = [
      ...options.stage.sinks.map((sink) => `sink:${sink.id}`),
      ...options.stage.nodes.flatMap((node) => (node.kind === 'step' ? [`step:${nameOf(node)}`] : [])),
    ];
    this.#builders = options.inputs.map(
      (input) => new RowsBuilder<unknown>((rows) => this.#wired.inlets.get(input.node)!.next(rows)),
    );
    this.#stopWiring = this.#wired.start((error) => options.onError(error));
  }

  /** Brings back the state of the last commit. */
  async recover(): Promise<void> {
    const { log, snapshots } = this.#options;
    const base = await snapshots.load(this.name);
    let positions = base?.positions ?? {};
    if (base !== undefined) {
      this.#restore(base);
      this.#stateOffset = base.stateOffset;
    }
    const topic = stateTopic(this.name);
    for (;;) {
      const records = await log.read(topic, 0, this.#stateOffset);
      if (records.length === 0) break;
      for (const record of records) {
        const snapshot = decodeSnapshot(record.value);
        this.#restore(snapshot);
        positions = snapshot.positions;
        this.#deltaBytes += record.value.length;
        this.#stateOffset = record.offset + 1;
      }
    }
    this.#merge = new Merge(log, this.#options.inputs, positions);
    this.#durablePositions = this.#merge.positions();
  }

  start(): void {
    this.#running = this.#run().catch((error: unknown) => this.#options.onError(error));
  }

  /** Something may have become possible: durable input, credit, time. */
  wake(): void {
    this.#woken = true;
    this.#wake?.();
  }

  /** Commits what it has done and stops. */
  async stop(): Promise<void> {
    this.#stopping = true;
    this.wake();
    await this.#running;
    this.#stopWiring();
  }

  /** True when everything heard up to log time `t` is done and committed. */
  settled(t: number): boolean {
    return (
      this.#underWay === 0 &&
      this.#pending.length === 0 &&
      this.#committing === 0 &&
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
    return this.#watermark;
  }

  get time(): number {
    return this.#time;
  }

  get epoch(): number {
    return this.#epoch;
  }

  /** First offsets that a restart would read, by `topic/partition`. */
  get holds(): ReadonlyMap<string, number> {
    const holds = new Map(
      Object.entries(this.#durablePositions).map(([key, position]) => [key, position.resume]),
    );
    return holds.set(`${stateTopic(this.name)}/0`, this.#baseOffset);
  }
  #durablePositions: TaskSnapshot['positions'] = {};
  #baseOffset = 0;

  stateKeys(): ReadonlyMap<string, number> {
    return new Map([...this.#states].map(([name, state]) => [name, state.size]));
  }

  async #run(): Promise<void> {
    while (!this.#stopping) {
      this.#woken = false;
      await this.#merge.fill();
      this.#drain();
      this.#advanceTime();
      this.#checkpoint(false);
      if (this.#stopping) break;
      if (this.#ready) await nextTurn();
      else if (!this.#woken) await this.#sleep();
    }
    while (this.#underWay > 0 || this.#committing >= COMMITS_UNDER_WAY) await this.#sleep();
    this.#checkpoint(true);
    while (this.#pending.length > 0 || this.#committing > 0) await this.#sleep();
  }

  get #ready(): boolean {
    return (
      this.#underWay < this.#options.credit && this.#committing < COMMITS_UNDER_WAY && this.#merge.peek() >= 0
    );
  }

  get #dirty(): boolean {
    if (this.#rowsSinceBarrier > 0 || this.#gathered.size > 0) return true;
    for (const state of this.#states.values()) if (state.dirty) return true;
    return false;
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

  /** Takes what may be taken, in runs of one input, for at most one turn of the event loop. */
  #drain(): void {
    const until = this.#options.wall.now() + 10;
    for (
      let batches = 0;
      this.#ready && (batches & 7 || this.#options.wall.now() < until || batches === 0);
      batches++
    ) {
      const index = this.#merge.peek();
      const input = this.#options.inputs[index]!;
      const builder = this.#builders[index]!;
      const key = `${input.topic}/${input.partition}`;
      let highest = this.#highest[key] ?? -Infinity;
      let late = 0;
      let rows = 0;
      do {
        const record = this.#merge.take(index);
        const row = input.source.read(record);
        const at = input.source.at(row);
        if (at > highest) highest = at;
        if (at <= this.#watermark) late += 1;
        builder.push(row, record.key, at, record.heardAt);
        rows += 1;
      } while (rows < MAX_ROWS && this.#merge.peek() === index);
      builder.flush();
      this.#highest[key] = highest;
      this.#rowsSinceBarrier += rows;
      this.#options.observer.rowsIn(this, rows, late);
    }
  }

  /** Tells the steps how late it is, and below which event time nothing is expected any more. */
  #advanceTime(): void {
    const now = this.#merge.safeTime;
    if (now > this.#time && now !== Infinity) {
      this.#time = now;
      this.#send({ kind: 'time', now });
    }
    let watermark = Infinity;
    for (const input of this.#options.inputs) {
      if (input.broadcast) continue;
      const highest = this.#highest[`${input.topic}/${input.partition}`];
      // An input that is silent for longer than `idleMs` of log time holds nothing back.
      if (highest === undefined || highest < this.#time - this.#options.idleMs) continue;
      watermark = Math.min(watermark, highest - input.disorderMs);
    }
    if (watermark !== Infinity && watermark > this.#watermark) {
      this.#watermark = watermark;
      this.#send({ kind: 'watermark', t: watermark });
    }
  }

  /** What this task writes later lies above this. */
  get #frontier(): number {
    const time = this.#merge.safeTime;
    return this.#merge.holding ? time - 1 / 1024 : time;
  }

  #checkpoint(last: boolean): void {
    const { log, wall, checkpointMs } = this.#options;
    if (!this.#dirty) {
      if (this.#pending.length === 0 && this.#committing === 0 && this.#underWay === 0) {
        log.publishFrontier(this.name, this.#frontier);
      }
      return;
    }
    if (this.#pending.length > 0 || this.#committing >= COMMITS_UNDER_WAY) return;
    // While there is more to do a commit waits for its interval; when there is not, the next hop waits for it.
    const wanted = this.#ready ? checkpointMs : checkpointMs / 10;
    const waited = wall.now() - this.#lastBarrierAt;
    if (!last && waited < wanted) {
      this.#checkpointTimer ??= setTimeout(() => {
        this.#checkpointTimer = undefined;
        this.wake();
      }, wanted - waited);
      return;
    }
    this.#lastBarrierAt = wall.now();
    this.#rowsSinceBarrier = 0;
    this.#epoch += 1;
    this.#pending.push({
      epoch: this.#epoch,
      frontier: this.#frontier,
      begunAt: wall.now(),
      waitingFor: new Set(this.#participants),
      gathered: new Map(),
      states: {},
      everything: this.#deltaBytes > Math.max(COMPACT_AT_LEAST, 2 * this.#baseBytes) ? {} : undefined,
      positions: this.#merge.positions(),
      highest: { ...this.#highest },
    });
    this.#send({ kind: 'barrier', epoch: this.#epoch });
  }

  #send(item: Control): void {
    for (const source of this.#options.stage.sources) this.#wired.inlets.get(source.id)!.next(item);
  }

  /** A sink or a step has seen the barrier: what it did up to here belongs to the epoch, what follows does not. */
  #arrived(who: string, epoch: number): void {
    const pending = this.#pending.find((candidate) => candidate.epoch === epoch);
    if (pending === undefined || !pending.waitingFor.delete(who)) return;
    const gathered = this.#gathered.get(who);
    if (gathered !== undefined) {
      pending.gathered.set(who, gathered);
      this.#gathered.delete(who);
    }
    if (pending.waitingFor.size > 0) return;
    while (this.#pending[0]?.waitingFor.size === 0) void this.#commit(this.#pending.shift()!);
  }

  async #commit(pending: Pending): Promise<void> {
    const { log, snapshots, observer, wall } = this.#options;
    const { epoch, frontier, positions, highest, states, everything } = pending;
    this.#committing += 1;
    try {
      const snapshot: TaskSnapshot = { format: 1, epoch, positions, highest, states };
      const state = encodeSnapshot(snapshot);
      const writes = writesOf(this.#participants, pending.gathered);
      this.#stateOffset += 1;
      const stateOffset = this.#stateOffset;
      this.#deltaBytes = everything === undefined ? this.#deltaBytes + state.length : 0;
      await log.commit({ producer: this.name, epoch, frontier, writes, state });
      this.#durablePositions = positions;
      if (everything !== undefined) {
        this.#baseBytes = await snapshots.save(this.name, { ...snapshot, states: everything, stateOffset });
        this.#baseOffset = stateOffset;
      }
      observer.committed(this, {
        epoch,
        rows: writes.reduce((sum, write) => sum + write.records.length, 0),
        stateBytes: state.length,
        tookMs: wall.now() - pending.begunAt,
      });
    } catch (error) {
      this.#options.onError(error);
    } finally {
      this.#committing -= 1;
      this.wake();
    }
  }

  #gather(who: string, topic: Topic<unknown>, row: unknown, heardAt: number): void {
    const key = topic.key(row);
    const partition = this.#options.log.partitionFor(topic.name, key);
    let gathered = this.#gathered.get(who);
    if (gathered === undefined) this.#gathered.set(who, (gathered = new Map()));
    const id = `${topic.name}/${partition}`;
    let write = gathered.get(id);
    if (write === undefined) gathered.set(id, (write = { topic: topic.name, partition, records: [] }));
    write.records.push({ key, value: topic.write(row), heardAt });
    this.#options.observer.rowOut(this, topic.name, row);
  }

  #restore(snapshot: TaskSnapshot): void {
    for (const [name, delta] of Object.entries(snapshot.states)) this.#states.get(name)?.restore(delta);
    for (const state of this.#states.values()) state.delta();
    this.#epoch = snapshot.epoch;
    this.#highest = { ...snapshot.highest };
    this.#durablePositions = snapshot.positions;
  }

  #contextOf(step: string): StepContext {
    const { services, observer } = this.#options;
    return {
      step,
      task: this.name,
      services,
      checkpoint: (part, state) => void this.#states.set(`${step}\u0000${part}`, state),
      atBarrier: (epoch) => {
        const pending = this.#pending.find((candidate) => candidate.epoch === epoch);
        for (const [name, state] of pending === undefined ? [] : this.#states) {
          if (!name.startsWith(`${step}\u0000`)) continue;
          pending!.states[name] = state.delta();
          if (pending!.everything !== undefined)
            pending!.everything[name] = { set: state.all(), deleted: [] };
        }
        this.#arrived(`step:${step}`, epoch);
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
      count: (name, n) => observer.counted(this, step, name, n),
    };
  }
}

const nameOf = (node: StepNode): string => node.step.name ?? `${node.step.verb}:${node.id}`;

/**
 * What the sinks of an epoch gathered, as one write a partition, in the order of log time and then of the sinks in the
 * graph: the same rows in the same order however the batches were cut.
 */
const writesOf = (participants: readonly string[], gathered: ReadonlyMap<string, Gathered>): TopicWrite[] => {
  const writes = new Map<string, { topic: string; partition: number; records: TaskRecord[] }>();
  for (const who of participants) {
    for (const [id, { topic, partition, records }] of gathered.get(who) ?? []) {
      const write = writes.get(id);
      if (write === undefined) writes.set(id, { topic, partition, records: [...records] });
      else write.records.push(...records);
    }
  }
  for (const { records } of writes.values()) records.sort((a, b) => a.heardAt - b.heardAt);
  return [...writes.values()];
};
