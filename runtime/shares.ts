/** Work of steps that is done share by share, each at a log time of its own, so that none of them keeps the task for long. */
export class Shares {
  readonly #steps: (() => number)[] = [];

  /** A step works by shares; it tells when its next one is due, Infinity where there is none. */
  add(next: () => number): void {
    this.#steps.push(next);
  }

  /** Whether any step does. */
  get exist(): boolean {
    return this.#steps.length > 0;
  }

  /** Log time of the next share; nothing of a later time is taken before it. Infinity where none waits. */
  get at(): number {
    let first = Infinity;
    for (const next of this.#steps) first = Math.min(first, next());
    return first;
  }
}
