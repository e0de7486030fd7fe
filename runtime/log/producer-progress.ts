/** How far each producer has come, by the commits that count. */
export class ProducerProgress {
  readonly #epochs = new Map<string, number>();
  readonly #frontiers = new Map<string, number>();

  /** Everybody who ever committed. */
  producers(): Iterable<string> {
    return this.#epochs.keys();
  }

  /** Last epoch that a producer committed; 0 before the first. */
  epoch(producer: string): number {
    return this.#epochs.get(producer) ?? 0;
  }

  /** Everything that a producer will write later has a log time above this; -Infinity before its first commit. */
  frontier(producer: string): number {
    return this.#frontiers.get(producer) ?? -Infinity;
  }

  /** Answers whether it moved. */
  raiseFrontier(producer: string, frontier: number): boolean {
    if (frontier <= this.frontier(producer)) return false;
    this.#frontiers.set(producer, frontier);
    return true;
  }

  /** It is there again, wherever it had come. */
  protected setBack(producer: string, epoch: number, frontier: number): void {
    this.#epochs.set(producer, epoch);
    this.#frontiers.set(producer, frontier);
  }

  protected committed(producer: string, epoch: number, frontier: number): void {
    this.#epochs.set(producer, epoch);
    this.raiseFrontier(producer, frontier);
  }
}
