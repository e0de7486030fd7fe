import type { BarrierPace } from './barrier-pace.ts';
import type { Beats, MayTake } from './beats.ts';
import type { Checkpoints } from './checkpoints.ts';
import type { Epochs } from './epochs.ts';
import { LOG_TIME_STEP } from './log/log-time.ts';
import type { Merge } from './merge.ts';
import type { Shares } from './shares.ts';
import type { StepStates } from './state/step-states.ts';

/** Commits of a task that may be under way at once; what it takes meanwhile belongs to the epoch behind them. */
export const COMMITS_UNDER_WAY = 2;
/** Past so many bytes of rows that wait for their barrier nothing more is taken. Two commits may hold as much each. */
const MOST_GATHERED_BYTES = 32 << 20;

export interface TaskGateParts {
  readonly credit: number;
  /** Batches and rows outside the thread, which hold credit. */
  readonly underWay: () => number;
  readonly merge: Merge;
  readonly beats: Beats;
  readonly shares: Shares;
  readonly states: StepStates;
  readonly epochs: Epochs;
  readonly checkpoints: Pick<Checkpoints, 'underWay'>;
  readonly pace: BarrierPace;
}

/** What a task may do now, by what lies ready, what is under way, and how far log time has come. */
export class TaskGate {
  readonly #parts: TaskGateParts;

  constructor(parts: TaskGateParts) {
    this.#parts = parts;
  }

  /** A record may be taken. */
  get isReady(): boolean {
    const { merge, shares } = this.#parts;
    return this.#hasRoom && merge.peek() >= 0 && merge.peekedAt <= shares.at;
  }

  /** Nothing stands before the next share any more. */
  get isShareDue(): boolean {
    const { merge, shares } = this.#parts;
    const { at } = shares;
    return at < Infinity && at <= (merge.frontier ?? -Infinity) && this.#hasRoom;
  }

  /** Log time up to which all is done that was to be done; undefined where the merge cannot say. */
  get doneUntil(): number | undefined {
    const { frontier } = this.#parts.merge;
    const shareAt = this.#parts.shares.at;
    return frontier === undefined || shareAt > frontier ? frontier : shareAt - LOG_TIME_STEP;
  }

  /** Something was done that no commit has. */
  get isDirty(): boolean {
    const { beats, epochs, states } = this.#parts;
    return beats.taken > 0 || epochs.hasRows || states.dirty;
  }

  /** A barrier may follow those before it. */
  get takesBarrier(): boolean {
    const { epochs, checkpoints } = this.#parts;
    return epochs.onTheWay === 0 && checkpoints.underWay < COMMITS_UNDER_WAY;
  }

  /** No further than where a barrier is to be set. */
  get mayTake(): MayTake {
    if (!this.isReady) return 'nothing';
    const wantsBarrier = this.isDirty && this.takesBarrier && this.#parts.pace.isDue(true);
    if (!wantsBarrier) return 'anything';
    return this.doneUntil === undefined ? 'of one log time' : 'nothing';
  }

  get #hasRoom(): boolean {
    const { credit, underWay, epochs, merge } = this.#parts;
    return (
      underWay() < credit &&
      // No barrier can be set between rows of one log time; those are taken to their end.
      (epochs.bytes < MOST_GATHERED_BYTES || merge.frontier === undefined)
    );
  }
}
