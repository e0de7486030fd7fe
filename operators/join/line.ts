import type { Rows } from '../../runtime/item.ts';
import type { KeyIndex } from '../../runtime/state/key-index.ts';

/** The parts of a beat that came by one input, gone through row by row. */
export class Line {
  readonly #parts: { readonly rows: Rows<unknown>; readonly ids: Int32Array }[] = [];
  readonly #buffers: Int32Array[] = [];
  #part = 0;
  rows: Rows<unknown> | null = null;
  ids: Int32Array = new Int32Array(0);
  index = 0;

  add(rows: Rows<unknown>, keys: KeyIndex): void {
    const part = this.#parts.length;
    let ids = this.#buffers[part];
    if (ids === undefined || ids.length < rows.size) {
      this.#buffers[part] = ids = new Int32Array(Math.max(256, rows.size));
    }
    if (typeof rows.keys![0] === 'number') {
      keys.lookupNumbers(rows.keys as ArrayLike<number>, 0, rows.size, ids);
    } else keys.lookupTexts(rows.keys as readonly string[], 0, rows.size, ids);
    this.#parts.push({ rows, ids });
    if (part === 0) {
      this.rows = rows;
      this.ids = ids;
    }
  }

  isBefore({ rows, index }: Line): boolean {
    const apart = this.rows!.position[this.index]! - rows!.position[index]!;
    return apart !== 0 ? apart < 0 : this.rows!.heardAt[this.index]! <= rows!.heardAt[index]!;
  }

  next(): void {
    this.index += 1;
    if (this.index < this.rows!.size) return;
    this.#part += 1;
    this.index = 0;
    const part = this.#parts[this.#part];
    this.rows = part?.rows ?? null;
    this.ids = part?.ids ?? this.ids;
  }

  clear(): void {
    this.#parts.length = 0;
    this.#part = 0;
    this.index = 0;
    this.rows = null;
  }
}
