import { batchState } from './score-task.ts';

export interface MicroBatchOptions {
  readonly columns: number;
  /** Questions go together up to so many rows; a larger question goes alone, whole. */
  readonly rowsAtOnce: number;
  /** How long a question waits for others while somebody could answer it; 0: for those of the same turn of the loop. */
  readonly gatherMs: number;
  /** Batches that are out at once; what comes meanwhile gathers. */
  readonly batchesOut: number;
  /** Rows that may wait; a question above it is refused at once, unless nothing waits. */
  readonly waitingRows: number;
  /** From the question to its answer, its wait included. */
  readonly timeoutMs: number;
  /** `state` of one number says how far the batch has come: see `batchState`. */
  readonly send: (
    matrix: Float32Array<ArrayBuffer>,
    rows: number,
    state: Int32Array,
  ) => Promise<Float32Array>;
}

/** Rows `from` up to `from + rows` of a batch of `of` rows, whose answers are `values`. */
export interface BatchPart {
  readonly values: Float32Array;
  readonly from: number;
  readonly of: number;
}

/** There was no answer in time, or there were too many questions before it. */
export class TooSlow extends Error {}

interface Question {
  readonly matrix: Float32Array;
  readonly rows: number;
  readonly askedAt: number;
  readonly settle: (part: BatchPart | Error) => void;
  isOpen: boolean;
  /** Once it is out. */
  batch: Batch | null;
}

interface Batch {
  readonly questions: readonly Question[];
  readonly state: Int32Array;
}

/**
 * Gathers questions into batches by size and by age, and gives each its own part of the answer. At most 256 rows, two
 * batches out, questions of 100 rows: the first two go at once, each alone where they come apart; of those that come
 * until one is back two go together. A question that is not answered in its time is refused, and one that still waited is
 * not sent at all. A batch whose thread died before it began is sent again.
 */
export class MicroBatches {
  readonly #options: MicroBatchOptions;
  #waiting: Question[] = [];
  #waitingRows = 0;
  #out = 0;
  /** Batches sent in this turn of the event loop. */
  #sent = 0;
  #isGathering = false;
  readonly #idle: (() => void)[] = [];

  constructor(options: MicroBatchOptions) {
    this.#options = options;
  }

  /** The matrix must not change before the answer. Rejects with `TooSlow`, or with what was wrong with the batch. */
  async ask(matrix: Float32Array, rows: number): Promise<BatchPart> {
    const { waitingRows, timeoutMs } = this.#options;
    if (this.#waitingRows > 0 && this.#waitingRows + rows > waitingRows)
      throw new TooSlow(`${this.#waitingRows} rows wait already`);
    return new Promise((resolve, reject) => {
      const question: Question = {
        matrix,
        rows,
        askedAt: performance.now(),
        isOpen: true,
        batch: null,
        settle: (part) => {
          if (!question.isOpen) return;
          question.isOpen = false;
          clearTimeout(timer);
          if (part instanceof Error) reject(part);
          else resolve(part);
        },
      };
      // An answer that lies there already counts, however late this thread came to look.
      const timer = setTimeout(() => setImmediate(() => this.#giveUp(question)), timeoutMs);
      this.#waiting.push(question);
      this.#waitingRows += rows;
      this.#next();
    });
  }

  /** Resolves when nothing waits and nothing is out. */
  async drained(): Promise<void> {
    if (this.#out === 0 && this.#waiting.length === 0) return;
    await new Promise<void>((resolve) => this.#idle.push(resolve));
  }

  #next(): void {
    const { rowsAtOnce, gatherMs } = this.#options;
    while (this.#maySend() && this.#waitingRows >= rowsAtOnce) this.#send();
    const oldest = this.#waiting[0];
    if (oldest === undefined) {
      if (this.#out === 0) for (const tell of this.#idle.splice(0)) tell();
      return;
    }
    if (!this.#maySend() || this.#isGathering) return;
    this.#isGathering = true;
    const go = (): void => {
      this.#isGathering = false;
      if (this.#waiting.length > 0 && this.#maySend()) this.#send();
      this.#next();
    };
    const leftMs = oldest.askedAt + gatherMs - performance.now();
    if (leftMs <= 0) setImmediate(go);
    else setTimeout(go, leftMs);
  }

  /**
   * The pool hands over an answer that has come when it is given the next batch. Where threads are as fast as this one, that would
   * go on in one turn of the loop for as long as there are questions, and nobody else would have his; so a turn sends no
   * more than twice what may be out at once.
   */
  #maySend(): boolean {
    const { batchesOut } = this.#options;
    return this.#out < batchesOut && this.#sent < 2 * batchesOut;
  }

  /** Whole questions in the order in which they came, at least one. */
  #send(): void {
    if (this.#sent === 0)
      setImmediate(() => {
        this.#sent = 0;
        this.#next();
      });
    this.#sent += 1;
    let rows = 0;
    let count = 0;
    for (const question of this.#waiting) {
      if (count > 0 && rows + question.rows > this.#options.rowsAtOnce) break;
      rows += question.rows;
      count += 1;
    }
    const questions = this.#waiting.splice(0, count);
    this.#waitingRows -= rows;
    this.#out += 1;
    const state = new Int32Array(new SharedArrayBuffer(4));
    for (const question of questions) question.batch = { questions, state };
    void this.#options.send(this.#matrixOf(questions, rows), rows, state).then(
      (values) => this.#answered(questions, rows, values),
      (error: unknown) => this.#failed(questions, state, error),
    );
  }

  #matrixOf(questions: readonly Question[], rows: number): Float32Array<ArrayBuffer> {
    const { columns } = this.#options;
    const matrix = new Float32Array(rows * columns);
    let at = 0;
    for (const question of questions) {
      matrix.set(question.matrix.subarray(0, question.rows * columns), at);
      at += question.rows * columns;
    }
    return matrix;
  }

  #answered(questions: readonly Question[], of: number, values: Float32Array): void {
    this.#out -= 1;
    let from = 0;
    for (const { rows, settle } of questions) {
      settle({ values, from, of });
      from += rows;
    }
    this.#next();
  }

  #failed(questions: readonly Question[], state: Int32Array, error: unknown): void {
    this.#out -= 1;
    const open = questions.filter(({ isOpen }) => isOpen);
    if (Atomics.load(state, 0) === batchState.waiting) {
      this.#waiting.unshift(...open);
      for (const { rows } of open) this.#waitingRows += rows;
    } else for (const { settle } of open) settle(error instanceof Error ? error : new Error(String(error)));
    this.#next();
  }

  #giveUp(question: Question): void {
    if (!question.isOpen) return;
    const at = this.#waiting.indexOf(question);
    if (at >= 0) {
      this.#waiting.splice(at, 1);
      this.#waitingRows -= question.rows;
    }
    question.settle(new TooSlow(`no answer within ${this.#options.timeoutMs} ms`));
    const { batch } = question;
    if (batch?.questions.every(({ isOpen }) => !isOpen) === true)
      Atomics.compareExchange(batch.state, 0, batchState.waiting, batchState.givenUp);
    this.#next();
  }
}
