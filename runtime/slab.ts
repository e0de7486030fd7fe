const SLAB_BYTES = 256 << 10;

/**
 * Texts as UTF-8, one after the other in large buffers: a buffer for each row, or Node's pool of 8 KiB, keeps the
 * collector busy. A slab lives as long as any text in it.
 */
export class Slab {
  #bytes = Buffer.alloc(0);
  #at = 0;

  /** The text after so many bytes that the caller will fill. */
  put(text: string, head = 0): Buffer {
    // A code unit has at most three bytes.
    const most = head + text.length * 3;
    if (most > SLAB_BYTES / 4) return Buffer.concat([Buffer.alloc(head), Buffer.from(text)]);
    if (this.#at + most > this.#bytes.length) {
      this.#bytes = Buffer.allocUnsafeSlow(SLAB_BYTES);
      this.#at = 0;
    }
    const from = this.#at;
    this.#at = from + head + this.#bytes.write(text, from + head);
    return this.#bytes.subarray(from, this.#at);
  }
}
