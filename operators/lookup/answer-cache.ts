interface Cached<V> {
  readonly value: V | null;
  readonly heardAt: number;
}

/** Answers for some log time, the last used of them. atMost 2: a, b, a used, c → a, c. */
export class AnswerCache<V> {
  readonly #atMost: number;
  readonly #forMs: number;
  /** In the order of their last use. */
  readonly #answers = new Map<string, Cached<V>>();

  constructor(atMost: number, forMs: number) {
    this.#atMost = atMost;
    this.#forMs = forMs;
  }

  /** Undefined where there is none that is young enough; null is an answer. */
  get(key: string, now: number): V | null | undefined {
    const cached = this.#answers.get(key);
    if (cached === undefined) return undefined;
    this.#answers.delete(key);
    if (now - cached.heardAt > this.#forMs) return undefined;
    this.#answers.set(key, cached);
    return cached.value;
  }

  /** An answer to a question of this log time. */
  put(key: string, value: V | null, heardAt: number): void {
    if (this.#atMost === 0) return;
    this.#answers.delete(key);
    this.#answers.set(key, { value, heardAt });
    if (this.#answers.size <= this.#atMost) return;
    for (const oldest of this.#answers.keys()) {
      this.#answers.delete(oldest);
      return;
    }
  }
}
