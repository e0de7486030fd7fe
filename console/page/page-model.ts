import type { ActionView, BoardView, CauseChange, CauseView, Progress, RowView, Totals } from './contract.ts';
import type { StreamEvent } from './sse-parser.ts';

/** What a person clicked and what the server said to it, until the next version comes by stream. */
export interface PendingDecision {
  readonly verdict: string;
  readonly step: 'sending' | 'taken' | 'failed';
  /** Version that was decided on; a higher one ends the wait. */
  readonly version: number;
  /** What went wrong; of a cause, also what was done. */
  readonly error: string;
}

const recentLimit = 50;
const openStates = new Set(['open', 'acknowledged', 'mitigated', 'snoozed']);

/** What the page knows, without the page. It notes which lines changed, so that only those are drawn again. */
export class PageModel {
  readonly rows = new Map<string, RowView>();
  readonly causes = new Map<string, CauseView>();
  readonly changed = new Set<string>();
  readonly arrived = new Set<string>();
  readonly pending = new Map<string, PendingDecision>();
  recent: readonly RowView[] = [];
  totals: Totals | undefined;
  progress: Progress | undefined;

  take({ name, data }: StreamEvent): void {
    if (name === 'board') this.#board(JSON.parse(data) as BoardView);
    else if (name === 'exception') this.#row(JSON.parse(data) as RowView);
    else if (name === 'action') this.#action(JSON.parse(data) as ActionView);
    else if (name === 'cause') this.#cause(JSON.parse(data) as CauseChange);
    else if (name === 'totals') this.totals = JSON.parse(data) as Totals;
    else if (name === 'progress') this.progress = JSON.parse(data) as Progress;
  }

  /** Marks a click: the line that holds the action, or is the exception, is drawn again. */
  decide(id: string, exceptionId: string, decision: PendingDecision): void {
    this.pending.set(id, decision);
    this.changed.add(exceptionId);
  }

  /** Ends the wait for what makes no new version. */
  answered(id: string, exceptionId: string): void {
    this.pending.delete(id);
    this.changed.add(exceptionId);
  }

  /** How many are open that this page was not told about. */
  get more(): number {
    return Math.max(0, (this.totals?.open ?? 0) - this.rows.size);
  }

  #board(board: BoardView): void {
    for (const id of this.rows.keys()) this.changed.add(id);
    this.rows.clear();
    for (const row of board.rows) {
      this.rows.set(row.exception.id, row);
      this.changed.add(row.exception.id);
      this.#settle(row);
    }
    this.causes.clear();
    for (const cause of board.causes) this.causes.set(cause.id, cause);
    this.recent = board.recent;
    this.totals = board.totals;
    this.progress = board.progress;
  }

  #row(row: RowView): void {
    const { id, version, state } = row.exception;
    const before = this.rows.get(id);
    if (before !== undefined && before.exception.version > version) return;
    this.changed.add(id);
    this.#settle(row);
    if (openStates.has(state)) {
      if (before === undefined) this.arrived.add(id);
      this.rows.set(id, row);
      return;
    }
    this.rows.delete(id);
    const others = this.recent.filter(({ exception }) => exception.id !== id);
    this.recent = [row, ...others].slice(0, recentLimit);
  }

  #cause({ id, cause }: CauseChange): void {
    if (cause === null) this.causes.delete(id);
    else this.causes.set(id, cause);
    this.changed.add(`cause ${id}`);
  }

  #action(action: ActionView): void {
    const row = this.rows.get(action.exceptionId);
    if (row === undefined) return;
    const at = row.actions.findIndex(({ id }) => id === action.id);
    const before = row.actions[at];
    // The same version again has news of its dispatch.
    if (before !== undefined && before.version > action.version) return;
    const actions = before === undefined ? [...row.actions, action] : row.actions.with(at, action);
    const next = { ...row, actions };
    this.rows.set(action.exceptionId, next);
    this.changed.add(action.exceptionId);
    this.#settle(next);
  }

  /** Forgets the clicks that the line has an answer to. */
  #settle({ exception, actions }: RowView): void {
    for (const { id, version } of [exception, ...actions]) {
      const decision = this.pending.get(id);
      if (decision !== undefined && version > decision.version) this.pending.delete(id);
    }
  }
}
