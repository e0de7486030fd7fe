import type { Checkpointed } from '../../../runtime/state/checkpointed.ts';

/** What a task keeps of a state: all of it at some time, and the deltas since, as they come back from the disk. */
export class Chain {
  #parts: unknown[] = [];
  #late: Iterable<unknown> | undefined;

  delta(state: Checkpointed): void {
    this.#settle();
    this.#parts.push(structuredClone(state.delta()));
  }

  /** The parts are only taken at the next call of this chain, when the state may have moved on. */
  all(state: Checkpointed): void {
    this.#settle();
    state.delta();
    this.#late = state.all();
  }

  restoreInto<S extends Checkpointed>(state: S): S {
    this.#settle();
    for (const part of this.#parts) state.restore(structuredClone(part));
    return state;
  }

  #settle(): void {
    if (this.#late !== undefined) this.#parts = [...this.#late].map((part) => structuredClone(part));
    this.#late = undefined;
  }
}
