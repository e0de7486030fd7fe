interface Waiting {
  readonly to: number;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/** Those who wait until an offset has been reached. */
export class Drains {
  #all: Waiting[] = [];

  get waiting(): boolean {
    return this.#all.length > 0;
  }

  until(to: number): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#all.push({ to, resolve, reject });
    });
  }

  reached(next: number): void {
    for (const { to, resolve } of this.#all) if (to <= next) resolve();
    this.#all = this.#all.filter(({ to }) => to > next);
  }

  reject(error: unknown): void {
    for (const { reject } of this.#all) reject(error);
    this.#all = [];
  }
}
