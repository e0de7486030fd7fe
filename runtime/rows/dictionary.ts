/** Id of no text. */
export const NULL_TEXT = -1;
/** The dictionary is full: the text is kept beside the batch. */
export const NO_ROOM = -2;

/**
 * Strings of one column in one task as small numbers, `bound` of them at most. An id lasts as long as somebody retains
 * it, and else until the room is needed: batches are lent, so between two beats nobody else can still hold one.
 * bound 2: a → 0, b → 1, c → no room; after `reclaim` with b retained: c → 0, a → no room.
 */
export class Dictionary {
  readonly #bound: number;
  readonly #ids = new Map<string, number>();
  readonly #texts: (string | undefined)[] = [];
  readonly #retained: number[] = [];
  readonly #free: number[] = [];

  constructor(bound: number) {
    this.#bound = bound;
  }

  get size(): number {
    return this.#ids.size;
  }

  idOf(text: string): number {
    const known = this.#ids.get(text);
    if (known !== undefined) return known;
    if (this.#ids.size >= this.#bound) return NO_ROOM;
    const id = this.#free.pop() ?? this.#texts.length;
    this.#ids.set(text, id);
    this.#texts[id] = text;
    this.#retained[id] = 0;
    return id;
  }

  textOf(id: number): string {
    return this.#texts[id]!;
  }

  /** The id stays what it is until it is released as often. */
  retain(id: number): void {
    this.#retained[id]! += 1;
  }

  release(id: number): void {
    this.#retained[id]! -= 1;
  }

  /** Between two beats: frees the ids that nobody retains, once the room is used up. */
  reclaim(): void {
    if (this.#ids.size < this.#bound) return;
    for (const [text, id] of this.#ids) {
      if (this.#retained[id]! > 0) continue;
      this.#ids.delete(text);
      this.#texts[id] = undefined;
      this.#free.push(id);
    }
  }
}
