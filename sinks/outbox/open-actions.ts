import { action, type Action } from '../../domain/action.ts';
import { ForewarnError } from '../../runtime/forewarn-error.ts';
import type { Log, LogRecord } from '../../runtime/log/log.ts';
import { outboxTopics } from './outbox-topics.ts';

export interface OpenActionsOptions {
  readonly log: Log;
  readonly partition: number;
  readonly from: number;
  /** Its result is durable, and the pipeline may not have taken note of it. */
  readonly isSettled: (actionId: string) => boolean;
  /** It is not due any more, and never will be again. */
  readonly onEnd: (actionId: string) => void;
  readonly onProblem: (error: ForewarnError) => void;
}

const isFinal = (state: Action['state']): boolean =>
  state !== 'proposed' && state !== 'awaiting_approval' && state !== 'due';

const decoder = new TextDecoder();

/**
 * Which actions of one partition are due by their last durable version. The word of `actions` is the last one: what is
 * on its way out and is not due here has been withdrawn, whether the steps between have seen it or not.
 */
export class OpenActions {
  readonly #options: OpenActionsOptions;
  /** In the order of the log; the first one is what a restart begins with. */
  readonly #due = new Map<string, { version: number; readonly offset: number }>();
  #next: number;

  constructor(options: OpenActionsOptions) {
    this.#options = options;
    this.#next = options.from;
  }

  /** Durable versions that have not been read. */
  get unread(): number {
    const { log, partition } = this.#options;
    return Math.max(0, log.end(outboxTopics.actions, partition) - this.#next);
  }

  isDue(actionId: string): boolean {
    return this.#due.has(actionId);
  }

  /** What became of it is known. */
  close(actionId: string): void {
    this.#due.delete(actionId);
  }

  /** Where a restart has to begin to know them all. */
  get position(): number {
    const [first] = this.#due.values();
    return first?.offset ?? this.#next;
  }

  async read(): Promise<void> {
    const { log, partition } = this.#options;
    for (const record of await log.read(outboxTopics.actions, partition, this.#next)) {
      this.#next = record.offset + 1;
      this.#take(record);
    }
  }

  #take(record: LogRecord): void {
    const { isSettled, onEnd, onProblem, partition } = this.#options;
    let parsed: Action;
    try {
      parsed = action.parse(JSON.parse(decoder.decode(record.value)));
    } catch (cause) {
      const place = `topic "actions" partition ${partition} offset ${record.offset}`;
      onProblem(new ForewarnError('FW402', `${place} is not an action; it is passed over`, { cause }));
      return;
    }
    const { id, version, state } = parsed;
    const known = this.#due.get(id);
    if (known !== undefined && version <= known.version) return;
    if (state !== 'due') {
      this.#due.delete(id);
      if (isFinal(state) || known !== undefined) onEnd(id);
    } else if (known !== undefined) known.version = version;
    else if (!isSettled(id)) this.#due.set(id, { version, offset: record.offset });
  }
}
