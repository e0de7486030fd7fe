import type { Action } from '../domain/action.ts';

/** Actions whose exception has not been read yet: the two topics are read side by side. */
const keepEarly = 5_000;

/**
 * The actions that the desk knows, by exception. Those of an exception that nobody has read yet are kept too, the last
 * 5,000 of them; all others go with their exception.
 */
export class BoardActions {
  readonly #actions = new Map<string, Action>();
  readonly #byException = new Map<string, Set<string>>();
  readonly #early = new Set<string>();
  readonly #onForget: (id: string) => void;
  #waiting = 0;

  constructor(onForget: (id: string) => void) {
    this.#onForget = onForget;
  }

  /** How many wait for somebody's approval. */
  get waiting(): number {
    return this.#waiting;
  }

  get(id: string): Action | undefined {
    return this.#actions.get(id);
  }

  idsOf(exceptionId: string): Iterable<string> {
    return this.#byException.get(exceptionId) ?? [];
  }

  all(): readonly Action[] {
    return [...this.#actions.values()];
  }

  /** `isEarly`: its exception is not known yet. */
  put(action: Action, isEarly: boolean): void {
    const { id, exceptionId, state } = action;
    this.#waiting += Number(state === 'awaiting_approval');
    this.#waiting -= Number(this.#actions.get(id)?.state === 'awaiting_approval');
    this.#actions.set(id, action);
    const siblings = this.#byException.get(exceptionId);
    if (siblings === undefined) this.#byException.set(exceptionId, new Set([id]));
    else siblings.add(id);
    if (isEarly) this.#keepEarly(id);
  }

  /** An exception has been read: its actions go with it from now on. */
  known(exceptionId: string): void {
    for (const id of this.idsOf(exceptionId)) this.#early.delete(id);
  }

  forgetOf(exceptionId: string): void {
    for (const id of this.idsOf(exceptionId)) this.#forget(id);
    this.#byException.delete(exceptionId);
  }

  #keepEarly(id: string): void {
    this.#early.add(id);
    if (this.#early.size <= keepEarly) return;
    for (const oldest of this.#early) {
      const exceptionId = this.#actions.get(oldest)?.exceptionId;
      this.#forget(oldest);
      if (exceptionId === undefined) return;
      const siblings = this.#byException.get(exceptionId);
      siblings?.delete(oldest);
      if (siblings?.size === 0) this.#byException.delete(exceptionId);
      return;
    }
  }

  #forget(id: string): void {
    if (this.#actions.get(id)?.state === 'awaiting_approval') this.#waiting -= 1;
    this.#actions.delete(id);
    this.#early.delete(id);
    this.#onForget(id);
  }
}
