import { action, actionResult, type Action } from '../../domain/action.ts';
import { dispatch, type Dispatch } from '../../domain/dispatch.ts';
import { ForewarnError } from '../../runtime/forewarn-error.ts';
import type { Log, LogRecord } from '../../runtime/log/log.ts';
import { addToHistory, attemptEntry, newHistory, type AttemptHistory } from './attempt-ledger.ts';
import type { OutboxPosition } from './outbox-position.ts';

type Offsets = Omit<OutboxPosition, 'format' | 'epoch'>;

export const outboxTopics = {
  actions: 'actions',
  results: 'action-results',
  attempts: 'action-attempts',
} as const;

/** An action that waits to be executed. Its content stays in the log until it is needed. */
export interface DueAction {
  readonly id: string;
  readonly partition: number;
  readonly shipmentId: string;
  readonly exceptionId: string;
  readonly destination: string | null;
  readonly history: AttemptHistory;
  /** Changes of a later version that is still due. */
  version: number;
  offset: number;
  expiresAt: number | null;
  /** A later version says that it is not due any more. */
  isWithdrawn: boolean;
}

export interface DueActionsOptions {
  readonly log: Log;
  readonly partition: number;
  readonly from: OutboxPosition;
  /** It is due, or was and has a new version. */
  readonly onDue: (due: DueAction) => void;
  readonly onWithdrawn: (due: DueAction) => void;
  readonly onProblem: (error: ForewarnError) => void;
}

/** Settled ids that are remembered until the pipeline has taken note of their result. */
const REMEMBERED = 100_000;

const isFinal = (state: Action['state']): boolean =>
  state !== 'proposed' && state !== 'awaiting_approval' && state !== 'due';

const textDecoder = new TextDecoder();
const parseJson = (record: LogRecord): unknown => JSON.parse(textDecoder.decode(record.value));

/** One partition of `actions` as the dispatcher sees it: what is due, what was withdrawn, what is settled. */
export class DueActions {
  readonly #options: DueActionsOptions;
  /** In the order of the log; the first one is what a restart begins with. */
  readonly #pending = new Map<string, { due: DueAction; position: Offsets }>();
  /** Offsets of results whose action the pipeline has not closed yet: it may still say `due` once more. */
  readonly #settled = new Map<string, number>();
  readonly #histories = new Map<string, AttemptHistory>();
  #next: number;
  #reading: Promise<void> | undefined;

  constructor(options: DueActionsOptions) {
    this.#options = options;
    this.#next = options.from.actions;
  }

  /** Reads what was found out before a restart; to be called before the first `readMore`. */
  async recall(): Promise<void> {
    const { from } = this.#options;
    await this.#each(outboxTopics.results, from.results, (record) => {
      this.#settled.set(actionResult.parse(parseJson(record)).actionId, record.offset);
    });
    await this.#each(outboxTopics.attempts, from.attempts, (record) => {
      const entry = attemptEntry.parse(parseJson(record));
      const history = this.#histories.get(entry.actionId) ?? newHistory();
      addToHistory(history, entry);
      this.#histories.set(entry.actionId, history);
    });
  }

  get pending(): Iterable<DueAction> {
    return [...this.#pending.values()].map(({ due }) => due);
  }

  get size(): number {
    return this.#pending.size;
  }

  /** False when every durable version has been read: what is due now is due by all that is known. */
  get isBehind(): boolean {
    return this.unread > 0;
  }

  /** Durable versions that have not been read. */
  get unread(): number {
    return Math.max(0, this.#end(outboxTopics.actions) - this.#next);
  }

  readMore(): Promise<void> {
    this.#reading ??= this.#read().finally(() => {
      this.#reading = undefined;
    });
    return this.#reading;
  }

  /** Undefined when the log keeps that offset no more. */
  async contentOf({ partition, offset }: DueAction): Promise<Dispatch | undefined> {
    const [record] = await this.#options.log.read(outboxTopics.actions, partition, offset, 1);
    return record?.offset === offset ? dispatch.parse(parseJson(record)) : undefined;
  }

  /** `resultOffset` is undefined when nothing was to be said about it. */
  settle(due: DueAction, resultOffset: number | undefined): void {
    this.#pending.delete(due.id);
    if (resultOffset !== undefined) this.#remember(due.id, resultOffset);
  }

  /** Where a restart has to begin to miss nothing. */
  position(): Offsets {
    const [first] = this.#pending.values();
    const position = first?.position ?? this.#positionNow(this.#next);
    let results = position.results;
    for (const offset of this.#settled.values()) results = Math.min(results, offset);
    return { ...position, results };
  }

  async #read(): Promise<void> {
    const { log, partition } = this.#options;
    const records = await log.read(outboxTopics.actions, partition, this.#next);
    for (const record of records) {
      this.#next = record.offset + 1;
      this.#take(record);
    }
    // All that was found out about older actions has met them, or they need no more.
    if (!this.isBehind) this.#histories.clear();
  }

  #take(record: LogRecord): void {
    const { onDue, onWithdrawn, onProblem, partition } = this.#options;
    let parsed: Action;
    try {
      parsed = action.parse(parseJson(record));
    } catch (cause) {
      const place = `topic "actions" partition ${partition} offset ${record.offset}`;
      onProblem(new ForewarnError('FW402', `${place} is not an action; it is passed over`, { cause }));
      return;
    }
    const known = this.#pending.get(parsed.id)?.due;
    if (parsed.state !== 'due') {
      if (isFinal(parsed.state)) this.#settled.delete(parsed.id);
      if (known === undefined || parsed.version <= known.version) return;
      known.isWithdrawn = true;
      onWithdrawn(known);
      return;
    }
    if (known !== undefined) {
      if (parsed.version <= known.version) return;
      known.version = parsed.version;
      known.offset = record.offset;
      known.expiresAt = parsed.expiresAt;
      known.isWithdrawn = false;
      onDue(known);
      return;
    }
    if (this.#settled.has(parsed.id)) return;
    const due: DueAction = {
      id: parsed.id,
      partition,
      shipmentId: parsed.shipmentId,
      exceptionId: parsed.exceptionId,
      destination: parsed.destination,
      history: this.#histories.get(parsed.id) ?? newHistory(),
      version: parsed.version,
      offset: record.offset,
      expiresAt: parsed.expiresAt,
      isWithdrawn: false,
    };
    const { from } = this.#options;
    const now = this.#positionNow(record.offset);
    // Attempts that a former process made lie before what is the end now.
    const position =
      due.history.attempts === 0 ? now : { ...now, results: from.results, attempts: from.attempts };
    this.#pending.set(due.id, { due, position });
    onDue(due);
  }

  #positionNow(actions: number): Offsets {
    return { actions, results: this.#end(outboxTopics.results), attempts: this.#end(outboxTopics.attempts) };
  }

  #end(topic: string): number {
    return this.#options.log.end(topic, this.#options.partition);
  }

  #remember(actionId: string, resultOffset: number): void {
    this.#settled.set(actionId, resultOffset);
    if (this.#settled.size > REMEMBERED) this.#settled.delete(this.#settled.keys().next().value!);
  }

  async #each(topic: string, from: number, take: (record: LogRecord) => void): Promise<void> {
    const { log, partition, onProblem } = this.#options;
    const end = this.#end(topic);
    for (let next = from; next < end;) {
      const records = await log.read(topic, partition, next);
      if (records.length === 0) return;
      for (const record of records) {
        next = record.offset + 1;
        try {
          take(record);
        } catch (cause) {
          const place = `topic "${topic}" partition ${partition} offset ${record.offset}`;
          onProblem(new ForewarnError('FW402', `${place} cannot be read; it is passed over`, { cause }));
        }
      }
    }
  }
}
