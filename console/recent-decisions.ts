/** What a decision was about: enough to know it again. */
export interface Decided {
  readonly id: string;
  readonly verdict: string;
  /** The action, or where there is none the exception. */
  readonly target: string;
}

const keepDecisions = 5_000;

/** The last decisions of the log, so that a request that comes again after a restart is known again. */
export class RecentDecisions {
  readonly #decided = new Map<string, Decided>();

  add(decided: Decided): void {
    this.#decided.set(decided.id, decided);
    if (this.#decided.size <= keepDecisions) return;
    for (const oldest of this.#decided.keys()) {
      this.#decided.delete(oldest);
      return;
    }
  }

  get(id: string): Decided | undefined {
    return this.#decided.get(id);
  }

  all(): readonly Decided[] {
    return [...this.#decided.values()];
  }
}
