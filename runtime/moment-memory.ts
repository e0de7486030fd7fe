import type { Progress } from './item.ts';
import type { RowOrigin } from './step.ts';

interface Moments {
  readonly entries: number[];
  readonly inputs: number[];
  readonly offsets: number[];
}

/** Remembers which record of the log each entry of a beat was, for as long as anybody holds the beat. */
export class MomentMemory {
  readonly #inputs: readonly { readonly topic: string; readonly partition: number }[];
  readonly #byProgress = new WeakMap<Progress, Moments>();
  #next: Moments = { entries: [], inputs: [], offsets: [] };

  constructor(inputs: readonly { readonly topic: string; readonly partition: number }[]) {
    this.#inputs = inputs;
  }

  note(entry: number, input: number, offset: number): void {
    this.#next.entries.push(entry);
    this.#next.inputs.push(input);
    this.#next.offsets.push(offset);
  }

  /** What was noted belongs to this beat. */
  keep(progress: Progress): void {
    if (this.#next.entries.length === 0) return;
    this.#byProgress.set(progress, this.#next);
    this.#next = { entries: [], inputs: [], offsets: [] };
  }

  find({
    progress,
    position,
  }: {
    readonly progress: Progress;
    readonly position: number;
  }): RowOrigin | undefined {
    const moments = this.#byProgress.get(progress);
    const at = moments?.entries.indexOf(position) ?? -1;
    if (moments === undefined || at < 0) return undefined;
    const { topic, partition } = this.#inputs[moments.inputs[at]!]!;
    return { topic, partition, offset: moments.offsets[at]! };
  }
}
