import { actionResult, NEVER_LEFT } from '../../domain/action.ts';
import { dispatch, type Dispatch } from '../../domain/dispatch.ts';
import { ForewarnError } from '../../runtime/forewarn-error.ts';
import type { Log, LogRecord } from '../../runtime/log/log.ts';
import {
  addToHistory,
  attemptEntry,
  newHistory,
  type AttemptHistory,
  type CoveredRef,
} from './attempt-ledger.ts';
import { OpenActions } from './open-actions.ts';
import type { OutboxPosition } from './outbox-position.ts';
import { outboxTopics } from './outbox-topics.ts';

type Offsets = Omit<OutboxPosition, 'format' | 'epoch'>;

/** A dispatch that waits to be executed. Its content stays in the log until it is needed. */
export interface DueAction {
  /** The action's, or the digest's own. */
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
  /** The actions that a digest speaks for; none where it speaks for itself. */
  covers: readonly CoveredRef[];
  /** It is not to be executed, only to be told that it is not. */
  readonly silentBecause: Dispatch['suppressedBecause'] | typeof NEVER_LEFT;
  /** A later version of it says that it is not due any more, or the action itself does. */
  isWithdrawn: boolean;
  /** The step before has waited thirty days for its end. */
  hasLapsed: boolean;
  /** The last word about a digest has been read: it need not be remembered. */
  isOver: boolean;
}

export interface DueActionsOptions {
  readonly log: Log;
  readonly partition: number;
  readonly from: OutboxPosition;
  /** It is due, or was and has a new version. */
  readonly onDue: (due: DueAction) => void;
  readonly onWithdrawn: (due: DueAction) => void;
  /** An action of this partition is not due any more; a digest anywhere may speak for it. */
  readonly onEnd: (actionId: string) => void;
  readonly onProblem: (error: ForewarnError) => void;
}

/** Settled ids that are remembered until the pipeline has taken note of their result. */
const REMEMBERED = 100_000;

const textDecoder = new TextDecoder();
const parseJson = (record: LogRecord): unknown => JSON.parse(textDecoder.decode(record.value));

/** Why nothing of it leaves, where that is to be told. */
const silenceOf = ({ state, suppressedBecause, heldBecause }: Dispatch): DueAction['silentBecause'] => {
  if (state === 'suppressed') return suppressedBecause;
  return state === 'cancelled' && heldBecause !== null ? NEVER_LEFT : null;
};

/** What of a covered action says where its result goes. */
const refOf = ({ actionId, shipmentId, exceptionId }: CoveredRef): CoveredRef => ({
  actionId,
  shipmentId,
  exceptionId,
});

/** One partition as the dispatcher sees it: what is due, what was withdrawn, what is settled. */
export class DueActions {
  readonly #options: DueActionsOptions;
  readonly #open: OpenActions;
  /** In the order of the log; the first one is what a restart begins with. */
  readonly #pending = new Map<string, { due: DueAction; position: Omit<Offsets, 'actions'> }>();
  /** Offsets of results whose action the pipeline has not closed yet: it may still say `due` once more. */
  readonly #settled = new Map<string, number>();
  readonly #histories = new Map<string, AttemptHistory>();
  #next: number;
  #reading: Promise<void> | undefined;

  constructor(options: DueActionsOptions) {
    this.#options = options;
    this.#next = options.from.dispatches;
    this.#open = new OpenActions({
      log: options.log,
      partition: options.partition,
      from: options.from.actions,
      isSettled: (actionId) => this.#settled.has(actionId),
      onEnd: (actionId) => this.#ended(actionId),
      onProblem: options.onProblem,
    });
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

  get size(): number {
    return this.#pending.size;
  }

  /** False when every durable version has been read: what is due now is due by all that is known. */
  get isBehind(): boolean {
    return this.unread > 0;
  }

  /** False when all that `actions` says has been read: nothing is due that was withdrawn. */
  get isBehindActions(): boolean {
    return this.#open.unread > 0;
  }

  /** Durable versions that have not been read. */
  get unread(): number {
    return this.#open.unread + Math.max(0, this.#end(outboxTopics.dispatches) - this.#next);
  }

  /** Whether an action of this partition is due by all that has been read. */
  isOpen(actionId: string): boolean {
    return this.#open.isDue(actionId);
  }

  readMore(): Promise<void> {
    this.#reading ??= this.#read().finally(() => {
      this.#reading = undefined;
    });
    return this.#reading;
  }

  /** Undefined when the log keeps that offset no more. */
  async contentOf({ partition, offset }: DueAction): Promise<Dispatch | undefined> {
    const [record] = await this.#options.log.read(outboxTopics.dispatches, partition, offset, 1);
    return record?.offset === offset ? dispatch.parse(parseJson(record)) : undefined;
  }

  /** `resultOffset` is undefined when nothing was to be said about it. */
  settle(due: DueAction, resultOffset: number | undefined): void {
    this.#pending.delete(due.id);
    if (resultOffset !== undefined && !due.isOver) this.remember(due.id, resultOffset);
  }

  /** The result of an action of this partition is durable. */
  remember(actionId: string, resultOffset: number): void {
    this.#open.close(actionId);
    this.#settled.set(actionId, resultOffset);
    if (this.#settled.size > REMEMBERED) this.#settled.delete(this.#settled.keys().next().value!);
  }

  /** Where a restart has to begin to miss nothing. */
  position(): Offsets {
    const [first] = this.#pending.values();
    const position = first?.position ?? this.#positionNow(this.#next);
    let results = position.results;
    for (const offset of this.#settled.values()) results = Math.min(results, offset);
    return { ...position, actions: this.#open.position, results };
  }

  async #read(): Promise<void> {
    const { log, partition } = this.#options;
    await this.#open.read();
    const records = await log.read(outboxTopics.dispatches, partition, this.#next);
    for (const record of records) {
      this.#next = record.offset + 1;
      this.#take(record);
    }
    // All that was found out about older actions has met them, or they need no more.
    if (!this.isBehind) this.#histories.clear();
  }

  #ended(actionId: string): void {
    this.#settled.delete(actionId);
    const own = this.#pending.get(actionId)?.due;
    if (own !== undefined) this.#withdraw(own);
    this.#options.onEnd(actionId);
  }

  #withdraw(due: DueAction): void {
    due.isWithdrawn = true;
    this.#options.onWithdrawn(due);
  }

  #take(record: LogRecord): void {
    const { onDue, onProblem, partition } = this.#options;
    let parsed: Dispatch;
    try {
      parsed = dispatch.parse(parseJson(record));
    } catch (cause) {
      const place = `topic "dispatches" partition ${partition} offset ${record.offset}`;
      onProblem(new ForewarnError('FW402', `${place} is not a dispatch; it is passed over`, { cause }));
      return;
    }
    const { id, state, version } = parsed;
    const known = this.#pending.get(id)?.due;
    const isDigest = parsed.covers.length > 0;
    const silentBecause = silenceOf(parsed);
    const isOver = state !== 'due' && silentBecause === null;
    if (known !== undefined) {
      if (version <= known.version) return;
      known.version = version;
      known.isOver = isDigest && isOver;
      known.hasLapsed = state === 'expired';
      if (state !== 'due') return this.#withdraw(known);
      known.offset = record.offset;
      known.expiresAt = parsed.expiresAt;
      known.covers = parsed.covers.map(refOf);
      known.isWithdrawn = false;
      return onDue(known);
    }
    // The last word about a digest; of an action `actions` has it.
    if (isDigest && isOver) this.#settled.delete(id);
    if (isOver || this.#settled.has(id)) return;
    const due: DueAction = {
      id,
      partition,
      shipmentId: parsed.shipmentId,
      exceptionId: parsed.exceptionId,
      destination: parsed.destination,
      history: this.#histories.get(id) ?? newHistory(),
      version,
      offset: record.offset,
      expiresAt: parsed.expiresAt,
      covers: parsed.covers.map(refOf),
      silentBecause,
      isWithdrawn: false,
      hasLapsed: false,
      isOver: false,
    };
    const { from } = this.#options;
    const now = this.#positionNow(record.offset);
    // Attempts that a former process made lie before what is the end now.
    const position =
      due.history.attempts === 0 ? now : { ...now, results: from.results, attempts: from.attempts };
    this.#pending.set(id, { due, position });
    onDue(due);
  }

  #positionNow(dispatches: number): Omit<Offsets, 'actions'> {
    return {
      dispatches,
      results: this.#end(outboxTopics.results),
      attempts: this.#end(outboxTopics.attempts),
    };
  }

  #end(topic: string): number {
    return this.#options.log.end(topic, this.#options.partition);
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
