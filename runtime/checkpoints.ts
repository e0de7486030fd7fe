import type { Epoch } from './epochs.ts';
import { ForewarnError } from './forewarn-error.ts';
import { stateTopic } from './log/embedded-log.ts';
import type { Log, TopicWrite } from './log/log.ts';
import type { SavedState, SnapshotStore } from './state/snapshot-store.ts';
import { decodeSnapshot, encodeSnapshot, type Base, type TaskSnapshot } from './state/task-snapshot.ts';

const COMPACT_AT_BYTES = 4 << 20;
/** Changes that are read at once: there may be hundreds of megabytes, and nothing else waits for the first of them. */
const READ_BYTES = 8 << 20;

/** Takes up what was durable, oldest first: where a task was, then its state, and so again for each change. */
export interface Restore {
  snapshot(snapshot: Omit<Base, 'stateOffset'>): void;
  state(name: string, part: unknown): void;
}

export interface CheckpointsOptions {
  readonly task: string;
  readonly log: Log;
  readonly snapshots: SnapshotStore;
  readonly compactAtBytes?: number;
}

/**
 * What is durable of a task: a base file with all of its state, and the changes since then in its state topic, each
 * in one frame with the rows of its epoch. Loading both gives the task as it was at its last commit.
 */
export class Checkpoints {
  readonly #options: CheckpointsOptions;
  #stateOffset = 0;
  /** Of what was handed over last. */
  #epoch = 0;
  /** The base has been handed over, by whichever way. */
  #hasBase = false;
  #deltaBytes = 0;
  #baseBytes = 0;
  #baseOffset = 0;
  #positions: TaskSnapshot['positions'] = {};
  #underWay = 0;
  #isSavingBase = false;

  constructor(options: CheckpointsOptions) {
    this.#options = options;
  }

  /** Hands over the base and every change since, oldest first; of a task that it has followed only what is new. */
  async load(restore: Restore): Promise<void> {
    const { task, snapshots } = this.#options;
    if (this.#hasBase) await snapshots.claim(task);
    else this.#handOver(await snapshots.load(task), restore);
    await this.#readChanges(restore);
  }

  /**
   * The same of a task that runs in another process, as far as it has come; called again, what came since. FW301 when changes that it had
   * not read are gone, since they are in a newer base: then a new task begins with that.
   */
  async follow(restore: Restore): Promise<void> {
    const { task, snapshots } = this.#options;
    if (!this.#hasBase) this.#handOver(await snapshots.peek(task), restore);
    await this.#readChanges(restore);
  }

  #handOver(saved: SavedState | undefined, restore: Restore): void {
    this.#hasBase = true;
    if (saved === undefined) return;
    const { base, states, bytes } = saved;
    restore.snapshot(base);
    for (const [name, parts] of Object.entries(states)) for (const part of parts) restore.state(name, part);
    this.#epoch = base.epoch;
    this.#stateOffset = base.stateOffset;
    this.#baseOffset = base.stateOffset;
    this.#baseBytes = bytes;
    this.#positions = base.positions;
  }

  async #readChanges(restore: Restore): Promise<void> {
    const { task, log } = this.#options;
    for (;;) {
      const records = await log.read(stateTopic(task), 0, this.#stateOffset, READ_BYTES);
      if (records.length === 0) return;
      for (const record of records) {
        const snapshot = decodeSnapshot(record.value);
        if (snapshot.epoch !== this.#epoch + 1) throw incomplete(task, this.#epoch, snapshot.epoch);
        this.#epoch = snapshot.epoch;
        restore.snapshot(snapshot);
        for (const [name, part] of Object.entries(snapshot.states)) restore.state(name, part);
        this.#positions = snapshot.positions;
        this.#deltaBytes += record.value.length;
        this.#stateOffset = record.offset + 1;
      }
    }
  }

  get underWay(): number {
    return this.#underWay;
  }

  /** Whether the next epoch should bring all of the state for a new base; while there is much to do that can wait a while. */
  wantsBase(isBusy: boolean): boolean {
    const atLeast = this.#options.compactAtBytes ?? COMPACT_AT_BYTES;
    const most = Math.max(atLeast, 2 * this.#baseBytes);
    return !this.#isSavingBase && this.#deltaBytes > (isBusy ? 2 * most : most);
  }

  /** Where the last commit came to in each input; `holdFrom` says so before the first one. */
  get positions(): TaskSnapshot['positions'] {
    return this.#positions;
  }

  holdFrom(positions: TaskSnapshot['positions']): void {
    this.#positions = positions;
  }

  /** First offsets that a restart would read, by `topic/partition`. */
  get holds(): ReadonlyMap<string, number> {
    const holds = new Map(Object.entries(this.#positions).map(([key, position]) => [key, position.resume]));
    return holds.set(`${stateTopic(this.#options.task)}/0`, this.#baseOffset);
  }

  /** Makes an epoch durable. Returns the bytes of its state. */
  async commit(
    { epoch, frontier, positions, eventTime, states, all }: Epoch,
    writes: readonly TopicWrite[],
  ): Promise<number> {
    const { task, log } = this.#options;
    this.#underWay += 1;
    try {
      const snapshot: TaskSnapshot = { format: 3, epoch, positions, eventTime, states };
      const state = encodeSnapshot(snapshot);
      this.#deltaBytes = all === undefined ? this.#deltaBytes + state.length : 0;
      if (all !== undefined) this.#isSavingBase = true;
      const { stateEnd } = await log.commit({ producer: task, epoch, frontier, writes, state });
      this.#positions = positions;
      if (all !== undefined) {
        await this.#saveBase({ format: 3, epoch, positions, eventTime, stateOffset: stateEnd }, all);
      }
      return state.length;
    } finally {
      this.#underWay -= 1;
    }
  }

  async #saveBase(base: Base, all: Readonly<Record<string, Iterable<unknown>>>): Promise<void> {
    const { task, snapshots } = this.#options;
    this.#baseBytes = await snapshots.save(task, base, all);
    this.#baseOffset = base.stateOffset;
    this.#isSavingBase = false;
  }
}

const incomplete = (task: string, last: number, next: number): ForewarnError =>
  new ForewarnError(
    'FW301',
    `${task}: the changes of its state between epochs ${last} and ${next} are missing; the log belongs to another data folder: give that with --data, or begin with an empty log`,
  );
