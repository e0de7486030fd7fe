/**
 * Where the records of one topic partition lie in the journal: one entry a run, in typed arrays, because there may
 * be millions. Positions are counted in bytes from the journal's beginning, over all segments. A run of no records
 * only says where offsets stand: every new segment opens with one for each partition.
 */
export class RunIndex {
  #size = 0;
  #first = 0;
  #bases = new Float64Array(64);
  #positions = new Float64Array(64);
  #counts = new Uint32Array(64);
  #bytes = new Uint32Array(64);
  #producers = new Uint32Array(64);

  /** The offset that the next record will have. */
  get end(): number {
    const last = this.#size - 1;
    return last < 0 ? 0 : this.#bases[last]! + this.#counts[last]!;
  }

  /** First offset that is still kept. */
  get begin(): number {
    return this.#first < this.#size ? this.#bases[this.#first]! : this.end;
  }

  push(base: number, count: number, position: number, bytes: number, producer: number): void {
    if (this.#size === this.#bases.length) this.#grow();
    const at = this.#size++;
    this.#bases[at] = base;
    this.#positions[at] = position;
    this.#counts[at] = count;
    this.#bytes[at] = bytes;
    this.#producers[at] = producer;
  }

  /** Index of the run that holds `offset`, or of the first later one; -1 when there is none. */
  find(offset: number): number {
    if (offset >= this.end || this.#first === this.#size) return -1;
    let low = this.#first;
    let high = this.#size - 1;
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if (this.#bases[middle]! <= offset) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  get size(): number {
    return this.#size;
  }

  run(at: number): { base: number; count: number; position: number; bytes: number; producer: number } {
    return {
      base: this.#bases[at]!,
      count: this.#counts[at]!,
      position: this.#positions[at]!,
      bytes: this.#bytes[at]!,
      producer: this.#producers[at]!,
    };
  }

  /** Journal position of the run that holds `offset`; Infinity when nothing at or after it is kept. */
  positionOf(offset: number): number {
    const at = this.find(offset);
    return at < 0 ? Infinity : this.#positions[at]!;
  }

  /** Forgets the runs that lie before a journal position. */
  dropBefore(position: number): void {
    while (this.#first < this.#size - 1 && this.#positions[this.#first]! < position) this.#first++;
    if (this.#first > 1_024 && this.#first > this.#size / 2) {
      for (const column of this.#columns()) column.copyWithin(0, this.#first, this.#size);
      this.#size -= this.#first;
      this.#first = 0;
    }
  }

  #grow(): void {
    const wider = <T extends Float64Array | Uint32Array>(old: T, next: T): T => {
      next.set(old);
      return next;
    };
    const length = this.#bases.length * 2;
    this.#bases = wider(this.#bases, new Float64Array(length));
    this.#positions = wider(this.#positions, new Float64Array(length));
    this.#counts = wider(this.#counts, new Uint32Array(length));
    this.#bytes = wider(this.#bytes, new Uint32Array(length));
    this.#producers = wider(this.#producers, new Uint32Array(length));
  }

  #columns(): (Float64Array | Uint32Array)[] {
    return [this.#bases, this.#positions, this.#counts, this.#bytes, this.#producers];
  }
}
