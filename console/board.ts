import type { Action } from '../domain/action.ts';
import type { CauseRecord } from '../domain/cause-record.ts';
import type { Decision } from '../domain/decision.ts';
import type { Dispatch } from '../domain/dispatch.ts';
import type { ShipmentException } from '../domain/exception.ts';
import type { Tier } from '../domain/codes.ts';
import type { Outcome } from '../domain/outcome.ts';
import { BoardActions } from './board-actions.ts';
import { BoardCauses } from './board-causes.ts';
import { BoardDispatches, type DispatchNews } from './board-dispatches.ts';
import { type BoardNote, BoardNotes } from './board-notes.ts';
import { type BoardAction, type BoardRow, gravestFirst, hasLeft, isOpen } from './board-row.ts';
import { causeViewOf, gravestCauseFirst } from './cause-view.ts';
import { type Decided, RecentDecisions } from './recent-decisions.ts';
import type { CauseView, Totals } from './page/contract.ts';

/** What moved; the listener looks up the rest. */
export type BoardChange =
  | { readonly kind: 'exception'; readonly id: string }
  | { readonly kind: 'action'; readonly id: string; readonly exceptionId: string }
  | { readonly kind: 'cause'; readonly id: string };

export interface BoardSnapshot {
  readonly exceptions: readonly ShipmentException[];
  /** Closed ones, oldest first. */
  readonly closed: readonly ShipmentException[];
  readonly actions: readonly Action[];
  readonly outcomes: readonly Outcome[];
  readonly causes: readonly CauseRecord[];
  readonly dispatches: readonly DispatchNews[];
  readonly notes: readonly BoardNote[];
  /** Oldest first. */
  readonly decided: readonly Decided[];
  readonly counts: Counts;
}

interface Counts {
  readonly raised: number;
  readonly actionsSent: number;
  readonly outcomes: number;
  readonly breaches: number;
  readonly toldInTime: number;
}

/** Closed exceptions and shipments' ends that stay in sight. */
const keepClosed = 500;

/**
 * What the desk sees: a fold over the topics `exceptions`, `actions`, `outcomes`, `decisions`, `dispatches` and
 * `causes`. Rows may come in any order and more than once; of each id the highest version counts: v1, v3, v2 → v3.
 * Memory is bounded by what is open and the last 500 that are not. One that was forgotten and is raised again counts
 * as raised again.
 */
export class Board {
  readonly #exceptions = new Map<string, ShipmentException>();
  readonly #closed = new Map<string, ShipmentException>();
  readonly #outcomes = new Map<string, Outcome>();
  readonly #causes = new BoardCauses();
  readonly #dispatches = new BoardDispatches();
  readonly #actions = new BoardActions((id) => this.#dispatches.forget(id));
  readonly #notes = new BoardNotes();
  readonly #decided = new RecentDecisions();
  readonly #listeners = new Set<(change: BoardChange) => void>();
  #counts: Counts = { raised: 0, actionsSent: 0, outcomes: 0, breaches: 0, toldInTime: 0 };
  #predicted = 0;

  static restore(snapshot: BoardSnapshot): Board {
    const board = new Board();
    for (const exception of snapshot.exceptions) board.applyException(exception);
    for (const exception of snapshot.closed) board.applyException(exception);
    for (const action of snapshot.actions) board.applyAction(action);
    for (const outcome of snapshot.outcomes) board.applyOutcome(outcome);
    for (const cause of snapshot.causes) board.applyCause(cause);
    for (const news of snapshot.dispatches) board.#applyDispatchNews(news);
    for (const note of snapshot.notes) board.#addNote(note);
    for (const decided of snapshot.decided) board.#decided.add(decided);
    board.#counts = snapshot.counts;
    return board;
  }

  /** False when a version at least as high was known. */
  applyException(exception: ShipmentException): boolean {
    const { id } = exception;
    const before = this.exception(id);
    if (before !== undefined && before.version >= exception.version) return false;
    if (before === undefined) this.#count({ raised: 1 });
    if (before !== undefined && isOpen(before) && before.kind === 'predicted') this.#predicted -= 1;
    this.#exceptions.delete(id);
    this.#closed.delete(id);
    if (isOpen(exception)) {
      this.#exceptions.set(id, exception);
      if (exception.kind === 'predicted') this.#predicted += 1;
    } else {
      this.#closed.set(id, exception);
      if (this.#closed.size > keepClosed) this.#forgetOldest();
    }
    this.#actions.known(id);
    this.#notes.known(id);
    const causeBefore = before !== undefined && isOpen(before) ? before.causeId : null;
    const causeNow = isOpen(exception) ? exception.causeId : null;
    this.#causes.place(id, causeBefore, causeNow);
    this.#tell({ kind: 'exception', id });
    if (causeBefore !== null) this.#tell({ kind: 'cause', id: causeBefore });
    if (causeNow !== null && causeNow !== causeBefore) this.#tell({ kind: 'cause', id: causeNow });
    return true;
  }

  applyAction(action: Action): boolean {
    const { id, exceptionId } = action;
    const before = this.#actions.get(id);
    if (before !== undefined && before.version >= action.version) return false;
    if (hasLeft(action) && !(before !== undefined && hasLeft(before))) this.#count({ actionsSent: 1 });
    this.#dispatches.known(id);
    const causeId = this.#exceptions.get(exceptionId)?.causeId ?? null;
    this.#actions.put(action, this.exception(exceptionId) === undefined);
    this.#tell({ kind: 'action', id, exceptionId });
    if (causeId !== null) this.#tell({ kind: 'cause', id: causeId });
    return true;
  }

  /** False when a later word about the action was known. */
  applyDispatch(dispatch: Dispatch): boolean {
    return this.#applyDispatchNews(dispatch);
  }

  /** Remembers that it was made, and what was written beside it. What it does comes back as a new version. */
  applyDecision(decision: Decision): void {
    const { id, verdict, exceptionId, actionId, heardAt, by, note } = decision;
    this.#decided.add({ id, verdict, target: actionId ?? exceptionId });
    if (note.trim() !== '') this.#addNote({ id, exceptionId, at: heardAt, by, verdict, note });
  }

  /** False when a version at least as high was known. */
  applyCause(record: CauseRecord): boolean {
    if (!this.#causes.apply(record)) return false;
    this.#tell({ kind: 'cause', id: record.id });
    return true;
  }

  applyOutcome(outcome: Outcome): boolean {
    const before = this.#outcomes.get(outcome.shipmentId);
    if (before !== undefined && before.version >= outcome.version) return false;
    if (before === undefined) this.#count({ outcomes: 1 });
    this.#count({
      breaches: Number(outcome.breached) - Number(before?.breached ?? false),
      toldInTime: toldInTime(outcome) - (before === undefined ? 0 : toldInTime(before)),
    });
    this.#outcomes.delete(outcome.shipmentId);
    this.#outcomes.set(outcome.shipmentId, outcome);
    if (this.#outcomes.size > keepClosed) {
      for (const oldest of this.#outcomes.keys()) {
        this.#outcomes.delete(oldest);
        break;
      }
    }
    for (const id of outcome.exceptions) {
      if (this.exception(id) !== undefined) this.#tell({ kind: 'exception', id });
    }
    return true;
  }

  exception(id: string): ShipmentException | undefined {
    return this.#exceptions.get(id) ?? this.#closed.get(id);
  }

  action(id: string): BoardAction | undefined {
    const action = this.#actions.get(id);
    return action === undefined ? undefined : { ...action, dispatch: this.#dispatches.of(id) };
  }

  actionsOf(exceptionId: string): BoardAction[] {
    return [...this.#actions.idsOf(exceptionId)].flatMap((id) => this.action(id) ?? []);
  }

  /** A decision of the log, as long as it is among the last five thousand. */
  decided(id: string): Decided | undefined {
    return this.#decided.get(id);
  }

  /** A cause with something open; undefined when nothing of it is. */
  cause(id: string): CauseView | undefined {
    const exceptions = this.exceptionsOf(id);
    if (exceptions.length === 0) return undefined;
    return causeViewOf(id, exceptions, (each) => this.actionsOf(each), this.#causes.record(id));
  }

  /** Causes of more than one open exception, the gravest first. */
  causes(): CauseView[] {
    return this.#causes
      .withOpen(2)
      .flatMap((id) => this.cause(id) ?? [])
      .toSorted(gravestCauseFirst);
  }

  /** The open exceptions of a cause, the gravest first. */
  exceptionsOf(causeId: string): ShipmentException[] {
    return [...this.#causes.exceptionsOf(causeId)]
      .flatMap((id) => this.#exceptions.get(id) ?? [])
      .toSorted(gravestFirst);
  }

  shipmentOf(actionId: string): string | undefined {
    return this.#actions.get(actionId)?.shipmentId;
  }

  row(id: string): BoardRow | undefined {
    const exception = this.exception(id);
    return exception === undefined ? undefined : this.#rowOf(exception);
  }

  /** How many are open, by the tier of their customer. */
  openByTier(): Readonly<Partial<Record<Tier, number>>> {
    const counts: Partial<Record<Tier, number>> = {};
    for (const { tier } of this.#exceptions.values()) counts[tier] = (counts[tier] ?? 0) + 1;
    return counts;
  }

  /** Open exceptions, the gravest first. */
  openRows(limit = Infinity): BoardRow[] {
    const sorted = [...this.#exceptions.values()].toSorted(gravestFirst);
    return sorted.slice(0, limit).map((exception) => this.#rowOf(exception));
  }

  /** Exceptions that are over, newest first. */
  recentRows(limit: number = keepClosed): BoardRow[] {
    const newest = [...this.#closed.values()].toReversed();
    return newest.slice(0, limit).map((exception) => this.#rowOf(exception));
  }

  totals(): Totals {
    const open = this.#exceptions.size;
    return {
      open,
      predicted: this.#predicted,
      detected: open - this.#predicted,
      waiting: this.#actions.waiting,
      ...this.#counts,
    };
  }

  onChange(listener: (change: BoardChange) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  snapshot(): BoardSnapshot {
    return {
      exceptions: [...this.#exceptions.values()],
      closed: [...this.#closed.values()],
      actions: this.#actions.all(),
      outcomes: [...this.#outcomes.values()],
      causes: this.#causes.all(),
      dispatches: this.#dispatches.all(),
      notes: this.#notes.all(),
      decided: this.#decided.all(),
      counts: this.#counts,
    };
  }

  #rowOf(exception: ShipmentException): BoardRow {
    const { id, shipmentId } = exception;
    const outcome = this.#outcomes.get(shipmentId) ?? null;
    return { exception, actions: this.actionsOf(id), notes: this.#notes.of(id), outcome };
  }

  #applyDispatchNews(news: DispatchNews): boolean {
    const action = this.#actions.get(news.id);
    if (!this.#dispatches.apply(news, action !== undefined)) return false;
    if (action !== undefined) this.#tell({ kind: 'action', id: action.id, exceptionId: action.exceptionId });
    return true;
  }

  #addNote(note: BoardNote): void {
    const isKnown = this.exception(note.exceptionId) !== undefined;
    if (this.#notes.add(note, isKnown)) this.#tell({ kind: 'exception', id: note.exceptionId });
  }

  #forgetOldest(): void {
    for (const id of this.#closed.keys()) {
      this.#closed.delete(id);
      this.#actions.forgetOf(id);
      this.#notes.forget(id);
      return;
    }
  }

  #count(by: Partial<Counts>): void {
    const counts = this.#counts;
    this.#counts = {
      raised: counts.raised + (by.raised ?? 0),
      actionsSent: counts.actionsSent + (by.actionsSent ?? 0),
      outcomes: counts.outcomes + (by.outcomes ?? 0),
      breaches: counts.breaches + (by.breaches ?? 0),
      toldInTime: counts.toldInTime + (by.toldInTime ?? 0),
    };
  }

  #tell(change: BoardChange): void {
    for (const listener of this.#listeners) listener(change);
  }
}

const toldInTime = (outcome: Outcome): number => Number(outcome.breached && outcome.toldBeforeBreach);
