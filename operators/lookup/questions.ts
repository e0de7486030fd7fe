import type { Timers } from '../../runtime/step.ts';

type Answers<V> = ReadonlyMap<string, V>;

export interface QuestionSettings<V> {
  readonly ask: (keys: readonly string[], signal: AbortSignal) => Promise<Answers<V>>;
  readonly capacity: number;
  readonly keysAtOnce: number;
  readonly timeoutMs: number;
  readonly retries: number;
}

type Told<V> = (value: V | null | undefined) => void;

/**
 * Asks for keys, many at once and each only once at a time: `told` hears the answer, null for none, or undefined when
 * all attempts have failed.
 */
export class Questions<V> {
  readonly #settings: QuestionSettings<V>;
  readonly #timers: Timers | undefined;
  /** After each question, when all of its keys have been told. */
  readonly #done: () => void;
  readonly #waiting = new Map<string, Told<V>[]>();
  #gathered: string[] = [];
  #out = 0;

  constructor(settings: QuestionSettings<V>, timers: Timers | undefined, done: () => void) {
    this.#settings = settings;
    this.#timers = timers;
    this.#done = done;
  }

  /** Answers whether the key is asked anew. */
  want(key: string, told: Told<V>): boolean {
    const others = this.#waiting.get(key);
    if (others !== undefined) {
      others.push(told);
      return false;
    }
    this.#waiting.set(key, [told]);
    this.#gathered.push(key);
    return true;
  }

  /** Asks what has gathered, as far as there is room. */
  ask(): void {
    const { capacity, keysAtOnce } = this.#settings;
    while (this.#out < capacity && this.#gathered.length > 0) {
      const keys = this.#gathered.slice(0, keysAtOnce);
      this.#gathered = this.#gathered.slice(keysAtOnce);
      this.#out += 1;
      void this.#answersTo(keys).then((answers) => {
        this.#out -= 1;
        for (const key of keys)
          this.#tell(key, answers === undefined ? undefined : (answers.get(key) ?? null));
        this.ask();
        this.#done();
      });
    }
  }

  #tell(key: string, value: V | null | undefined): void {
    const told = this.#waiting.get(key)!;
    this.#waiting.delete(key);
    for (const one of told) one(value);
  }

  async #answersTo(keys: readonly string[]): Promise<Answers<V> | undefined> {
    for (let attempt = 0; attempt <= this.#settings.retries; attempt++) {
      try {
        return await this.#attempt(keys);
      } catch {
        // What is wrong with the service is for the service to say; here the next attempt, or the fallback, speaks.
      }
    }
    return undefined;
  }

  #attempt(keys: readonly string[]): Promise<Answers<V>> {
    const { ask, timeoutMs } = this.#settings;
    const abort = new AbortController();
    return new Promise((resolve, reject) => {
      const takeBack = this.#timers?.after(timeoutMs, () => {
        reject(new Error(`no answer within ${timeoutMs} ms`));
        abort.abort();
      });
      // A service that throws at once has failed as one that rejects.
      void Promise.resolve()
        .then(() => ask(keys, abort.signal))
        .then(resolve, reject)
        .finally(() => takeBack?.());
    });
  }
}
