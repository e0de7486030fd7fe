/** A whole number from 0 up to, and without, `below`. */
export type Chance = (below: number) => number;

type Change =
  | { readonly kind: 'write'; readonly position: number; readonly bytes: Buffer; readonly doomed: boolean }
  | { readonly kind: 'truncate'; readonly length: number };

/** A file as the system's memory has it, as the disk has it, and what was done since its last sync. */
export class FileContent {
  #cached: Buffer = Buffer.alloc(0);
  #durable: Buffer = Buffer.alloc(0);
  #changes: Change[] = [];

  get length(): number {
    return this.#cached.length;
  }

  bytes(): Buffer {
    return this.#cached;
  }

  write(bytes: Buffer, position: number): void {
    this.#cached = written(this.#cached, bytes, position);
    this.#changes.push({ kind: 'write', position, bytes, doomed: false });
  }

  truncate(length: number): void {
    this.#cached = cut(this.#cached, length);
    this.#changes.push({ kind: 'truncate', length });
  }

  sync(): void {
    for (const change of this.#changes) {
      if (change.kind === 'truncate') this.#durable = cut(this.#durable, change.length);
      else if (!change.doomed) this.#durable = written(this.#durable, change.bytes, change.position);
    }
    this.#changes = [];
  }

  /** The system has given up on what it should have written; it does not try again. */
  failSync(): void {
    this.#changes = this.#changes.map((change) =>
      change.kind === 'write' ? { ...change, doomed: true } : change,
    );
  }

  /**
   * What the machine finds again: nothing of the changes, all, those up to some moment with the last one torn, or any
   * of them in any order, so that zeros stand where an earlier one is missing.
   */
  lose(chance: Chance): void {
    const kept = chance(4);
    const until = chance(this.#changes.length + 1);
    for (const [index, change] of this.#changes.entries()) {
      if (kept === 0 || (kept === 2 && index > until) || (kept === 3 && chance(2) === 0)) continue;
      if (change.kind === 'truncate') {
        this.#durable = cut(this.#durable, change.length);
        continue;
      }
      if (change.doomed) continue;
      const isTorn = (kept === 2 && index === until) || (kept === 3 && chance(2) === 0);
      const from = isTorn && chance(4) === 0 ? chance(change.bytes.length) : 0;
      const to = isTorn && from === 0 ? chance(change.bytes.length + 1) : change.bytes.length;
      this.#durable = written(this.#durable, change.bytes.subarray(from, to), change.position + from);
    }
    this.#changes = [];
    this.#cached = this.#durable;
  }
}

const cut = (content: Buffer, length: number): Buffer => {
  const result = Buffer.alloc(length);
  content.copy(result, 0, 0, length);
  return result;
};

const written = (content: Buffer, bytes: Buffer, position: number): Buffer => {
  if (bytes.length === 0) return content;
  const result = Buffer.alloc(Math.max(content.length, position + bytes.length));
  content.copy(result);
  bytes.copy(result, position);
  return result;
};
