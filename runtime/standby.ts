import { ForewarnError } from './forewarn-error.ts';
import type { Task } from './task.ts';

/** A task that runs here, or might. */
export interface Planned {
  readonly name: string;
  readonly number: number;
  readonly make: () => Task;
}

interface Near {
  readonly tasks: Map<string, Task>;
  /** One round after the other. */
  reading: Promise<void>;
  isOver: boolean;
}

/**
 * Tasks that run elsewhere, with their state as far as they have committed it: they write nothing, and nobody knows of them. Whoever
 * takes their number goes on with them, and reads what is new.
 */
export class Standby {
  readonly #numbers = new Map<number, Near>();

  /** Reads on what the tasks of a number have committed. */
  follow(number: number, planned: readonly Planned[]): Promise<void> {
    const near = this.#numbers.get(number) ?? { tasks: new Map(), reading: Promise.resolve(), isOver: false };
    this.#numbers.set(number, near);
    const read = near.reading.then(() => this.#read(near, planned));
    near.reading = read.catch(() => undefined);
    return read;
  }

  async leave(number: number): Promise<void> {
    const near = await this.#end(number);
    await Promise.all([...near.values()].map((task) => task.abandon()));
  }

  /** The tasks of these that are near, which are others' from then on. */
  async handOver(wanted: readonly Planned[]): Promise<ReadonlyMap<string, Task>> {
    const numbers = [...new Set(wanted.map(({ number }) => number))];
    const all = await Promise.all(numbers.map((number) => this.#end(number)));
    return new Map(all.flatMap((tasks) => [...tasks]));
  }

  /** What is under way ends at the next task. */
  async #end(number: number): Promise<ReadonlyMap<string, Task>> {
    const near = this.#numbers.get(number);
    if (near === undefined) return new Map();
    this.#numbers.delete(number);
    near.isOver = true;
    await near.reading;
    return near.tasks;
  }

  async #read(near: Near, planned: readonly Planned[]): Promise<void> {
    for (const { name, make } of planned) {
      if (near.isOver) return;
      const task = near.tasks.get(name) ?? make();
      // Until it is whole again it is nobody's.
      near.tasks.delete(name);
      try {
        await task.follow();
        near.tasks.set(name, task);
      } catch (error) {
        await task.abandon();
        if (!hasGap(error)) throw error;
      }
    }
  }
}

/** What it would read next is gone, and in a base that it has not: the next round begins with that one. */
const hasGap = (error: unknown): boolean => error instanceof ForewarnError && error.code === 'FW301';

/** A task at its last commit: from where it is near, or else from its base. */
export const recovered = async ({ make }: Pick<Planned, 'make'>, near: Task | undefined): Promise<Task> => {
  const task = near ?? make();
  try {
    await task.recover();
    return task;
  } catch (error) {
    await task.abandon();
    if (near === undefined || !hasGap(error)) throw error;
    return recovered({ make }, undefined);
  }
};
