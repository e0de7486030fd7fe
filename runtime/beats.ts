import type { Clock } from './clock.ts';
import type { Intake } from './intake.ts';
import type { Merge } from './merge.ts';
import type { RecordReader } from './record-reader.ts';
import type { Shares } from './shares.ts';
import type { TaskOptions } from './task-options.ts';

export interface BeatsParts {
  readonly inputs: TaskOptions['inputs'];
  readonly maxRows: number;
  readonly wall: Clock;
  readonly merge: Merge;
  readonly reader: Pick<RecordReader, 'take'>;
  readonly intake: Pick<Intake, 'rows' | 'isFull'>;
  readonly shares: Shares;
  /** Sends the beat that has been made through the steps. */
  readonly send: () => void;
  /** Rows of a beat that has been sent, and how many of them were late. */
  readonly sent: (rows: number, late: number) => void;
}

/** What a task may take now: of one log time where a barrier is due as soon as those rows are taken to their end. */
export type MayTake = 'nothing' | 'of one log time' | 'anything';

/** For so long a task may keep the thread, before requests, the disk and the other tasks have their turn. */
const TURN_MS = 5;

/** Takes what lies ready in the order of log time, and moves it through the steps in beats of some rows each. */
export class Beats {
  readonly #parts: BeatsParts;
  /** Fewer where rows are dear, so that no beat is longer than a turn; what comes out does not depend on it. */
  #rowsAtOnce: number;
  #taken = 0;

  constructor(parts: BeatsParts) {
    this.#parts = parts;
    this.#rowsAtOnce = Math.min(64, parts.maxRows);
  }

  /** Records that were taken since the last `restart`. */
  get taken(): number {
    return this.#taken;
  }

  restart(): void {
    this.#taken = 0;
  }

  /** Takes what may be taken, for about as long as one turn may last. */
  turn(mayTake: () => MayTake): void {
    const { wall, maxRows } = this.#parts;
    const begun = wall.now();
    for (let spentMs = 0, tookMs = 0; spentMs < TURN_MS; spentMs += tookMs) {
      const may = mayTake();
      if (may === 'nothing') return;
      const rows = this.#beat(may);
      tookMs = wall.now() - begun - spentMs;
      if (tookMs > TURN_MS) this.#rowsAtOnce = Math.max(1, Math.floor((rows * TURN_MS) / tookMs));
      else if (tookMs < TURN_MS / 4) this.#rowsAtOnce = Math.min(maxRows, this.#rowsAtOnce * 2);
    }
  }

  /** One beat. Returns the records that were taken. */
  #beat(may: MayTake): number {
    const { merge, reader, intake, shares, inputs, send, sent } = this.#parts;
    let taken = 0;
    let late = 0;
    let until = shares.at;
    for (let next = merge.peek(); next >= 0; next = merge.peek()) {
      if (merge.peekedAt > until) break;
      const record = merge.take(next);
      if (may === 'of one log time') until = Math.min(until, record.heardAt);
      taken += 1;
      if (reader.take(next, record)) late += 1;
      if (intake.isFull || taken >= this.#rowsAtOnce) break;
      // It may be for many keys: what they do by shares comes before what was heard later.
      if (shares.exist && inputs[next]!.broadcast) break;
    }
    const { rows } = intake;
    send();
    this.#taken += taken;
    sent(rows, late);
    return taken;
  }
}
