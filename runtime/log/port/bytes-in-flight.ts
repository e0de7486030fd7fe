interface Waiting {
  readonly bytes: number;
  readonly go: () => void;
}

/**
 * How many bytes may be under way at once; who comes later waits, in the order of coming. One alone may be larger.
 * At most 10: 6 goes, 5 waits, 1 waits behind it; when 6 is done both go.
 */
export class BytesInFlight {
  readonly #most: number;
  readonly #waiting: Waiting[] = [];
  #underWay = 0;
  #bytes = 0;

  constructor(most: number) {
    this.#most = most;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** Does the work when its turn has come. */
  async run<T>(bytes: number, work: () => Promise<T>): Promise<T> {
    if (this.#waiting.length > 0 || !this.#fits(bytes))
      await new Promise<void>((go) => this.#waiting.push({ bytes, go }));
    else this.#begin(bytes);
    try {
      return await work();
    } finally {
      this.#underWay -= 1;
      this.#bytes -= bytes;
      this.#letGo();
    }
  }

  #fits(bytes: number): boolean {
    return this.#underWay === 0 || this.#bytes + bytes <= this.#most;
  }

  #begin(bytes: number): void {
    this.#underWay += 1;
    this.#bytes += bytes;
  }

  #letGo(): void {
    for (let next = this.#waiting[0]; next !== undefined && this.#fits(next.bytes); next = this.#waiting[0]) {
      this.#waiting.shift();
      this.#begin(next.bytes);
      next.go();
    }
  }
}
