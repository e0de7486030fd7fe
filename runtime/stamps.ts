import type { Progress } from './item.ts';

/** A stamp is given whenever the watermark has passed another multiple of this. */
const STEP_MS = 1_000;

export interface Stamp {
  /** Event time below which the writer brings nothing any more, in whole ms. */
  readonly t: number;
  readonly heardAt: number;
}

/**
 * What a writer says of its event time to those who read its rows behind a change of key: so they need no guess, and a
 * slow writer's rows are not late. watermarks 900, 1100.5, 1400, 2050 → stamps 1100 and 2050.
 */
export class Stamps {
  #told = -Infinity;

  /** Stamps that are due in a beat, in order. */
  of({ size, heardAt, watermark }: Progress): readonly Stamp[] {
    if (size === 0 || !(Math.floor(watermark[size - 1]! / STEP_MS) > this.#told)) return NONE;
    const due: Stamp[] = [];
    for (let entry = 0; entry < size; entry++) {
      const t = watermark[entry]!;
      const step = Math.floor(t / STEP_MS);
      if (!(step > this.#told)) continue;
      this.#told = step;
      // Where a run begins, the watermark of the last one was told by it.
      if (heardAt[entry] !== -Infinity) due.push({ t: Math.floor(t), heardAt: heardAt[entry]! });
    }
    return due;
  }
}

const NONE: readonly Stamp[] = [];
