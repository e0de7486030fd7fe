import type { CauseRecord } from '../domain/cause-record.ts';

/** Records of causes that are over and stay known. */
const keepOver = 200;

/** Which open exceptions stand under which cause, and the latest record of each cause. */
export class BoardCauses {
  readonly #exceptions = new Map<string, Set<string>>();
  readonly #records = new Map<string, CauseRecord>();
  readonly #over = new Set<string>();

  /** False when a version at least as high was known. */
  apply(record: CauseRecord): boolean {
    const { id, version, state } = record;
    const before = this.#records.get(id);
    if (before !== undefined && before.version >= version) return false;
    this.#records.set(id, record);
    this.#over.delete(id);
    if (state === 'over') this.#over.add(id);
    if (this.#over.size > keepOver) {
      for (const oldest of this.#over) {
        this.#over.delete(oldest);
        this.#records.delete(oldest);
        break;
      }
    }
    return true;
  }

  /** An open exception has, or no longer has, this cause. */
  place(exceptionId: string, before: string | null, now: string | null): void {
    if (before === now) return;
    if (before !== null) {
      const others = this.#exceptions.get(before);
      others?.delete(exceptionId);
      if (others?.size === 0) this.#exceptions.delete(before);
    }
    if (now === null) return;
    const others = this.#exceptions.get(now);
    if (others === undefined) this.#exceptions.set(now, new Set([exceptionId]));
    else others.add(exceptionId);
  }

  exceptionsOf(id: string): Iterable<string> {
    return this.#exceptions.get(id) ?? [];
  }

  /** Causes of at least so many open exceptions. */
  withOpen(least: number): readonly string[] {
    return [...this.#exceptions].filter(([, { size }]) => size >= least).map(([id]) => id);
  }

  record(id: string): CauseRecord | undefined {
    return this.#records.get(id);
  }

  all(): readonly CauseRecord[] {
    return [...this.#records.values()];
  }
}
