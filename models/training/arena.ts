/** Typed arrays side by side in one memory that JavaScript and WebAssembly share. Of a fixed size: views stay valid. */
export class Arena {
  readonly memory: WebAssembly.Memory;
  #used = 0;

  constructor(bytes: number) {
    const pages = Math.ceil(bytes / 65_536);
    this.memory = new WebAssembly.Memory({ initial: pages, maximum: pages });
  }

  float64(length: number): Float64Array {
    return new Float64Array(this.memory.buffer, this.#take(8 * length), length);
  }

  int32(length: number): Int32Array {
    return new Int32Array(this.memory.buffer, this.#take(4 * length), length);
  }

  uint32(length: number): Uint32Array {
    return new Uint32Array(this.memory.buffer, this.#take(4 * length), length);
  }

  uint16(length: number): Uint16Array {
    return new Uint16Array(this.memory.buffer, this.#take(2 * length), length);
  }

  /** Aligned to what one vector instruction loads. */
  #take(bytes: number): number {
    const from = this.#used;
    this.#used += aligned(bytes);
    return from;
  }
}

/** Bytes that an array takes in an arena. */
export const aligned = (bytes: number): number => Math.ceil(bytes / 16) * 16;
