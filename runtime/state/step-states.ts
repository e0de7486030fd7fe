import type { Checkpointed, StateDelta } from './keyed-state.ts';

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
      readonly states: Record<string, StateDelta>;
      readonly all: Record<string, StateDelta> | undefined;
    },
  ): void {
    for (const [name, state] of this.#states) {
      if (!name.startsWith(`${step}${SEPARATOR}`)) continue;
      into.states[name] = state.delta();
      if (into.all !== undefined) into.all[name] = { set: state.all(), deleted: [] };
    }
  }

  /** Puts changes back in; they do not count as changes of this run. */
  restore(states: Readonly<Record<string, StateDelta>>): void {
    for (const [name, delta] of Object.entries(states)) this.#states.get(name)?.restore(delta);
    for (const state of this.#states.values()) state.delta();
  }

  /** Entries by state. */
  sizes(): ReadonlyMap<string, number> {
    return new Map([...this.#states].map(([name, state]) => [name, state.size]));
  }
}
