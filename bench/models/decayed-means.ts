/** A mean for each key in which what was heard fades: half of its weight is gone after the half-life. */
export class DecayedMeans {
  readonly #halfLifeMin: number;
  readonly #byKey = new Map<string, { sum: number; weight: number; at: number }>();

  constructor(halfLifeMin: number) {
    this.#halfLifeMin = halfLifeMin;
  }

  hear(key: string, value: number, at: number): void {
    const known = this.#byKey.get(key);
    if (known === undefined) {
      this.#byKey.set(key, { sum: value, weight: 1, at });
      return;
    }
    const left = this.#left(at - known.at);
    known.sum = known.sum * left + value;
    known.weight = known.weight * left + 1;
    known.at = at;
  }

  /** NaN of a key never heard of. */
  mean(key: string): number {
    const known = this.#byKey.get(key);
    return known === undefined ? NaN : known.sum / known.weight;
  }

  /** How much was heard lately. */
  weight(key: string, at: number): number {
    const known = this.#byKey.get(key);
    return known === undefined ? 0 : known.weight * this.#left(at - known.at);
  }

  #left(minutes: number): number {
    return 0.5 ** (minutes / this.#halfLifeMin);
  }
}
