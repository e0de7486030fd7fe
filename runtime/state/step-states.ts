import type { Checkpointed } from './checkpointed.ts';

const SEPARATOR = '\u0000';

/** The states of all steps of a task, by step and part. */
export class StepStates {
  readonly #states = new Map<string, Checkpointed>();

  add(step: string, part: string, state: Checkpointed): void {
    this.#states.set(`${step}${SEPARATOR}${part}`, state);
  }

  get dirty(): boolean {
    for (const state of this.#states.values()) if (state.dirty) return true;
    return false;
  }

  /** What the states of a step changed since the last barrier; with `all` also everything that they hold. */
  take(
    step: string,
    into: {
      readonly states: Record<string, unknown>;
      readonly all: Record<string, Iterable<unknown>> | undefined;
    },
  ): void {
    for (const [name, state] of this.#states) {
      if (!name.startsWith(`${step}${SEPARATOR}`)) continue;
      if (state.dirty) into.states[name] = state.delta();
      if (into.all !== undefined) into.all[name] = state.all();
    }
  }

  /** Puts a part of one state back; it does not count as a change of this run. */
  restore(name: string, part: unknown): void {
    const state = this.#states.get(name);
    state?.restore(part);
    state?.delta();
  }

  /** Entries by state. */
  sizes(): ReadonlyMap<string, number> {
    return new Map([...this.#states].map(([name, state]) => [name, state.size]));
  }
}
