import type { NoteView } from './page/contract.ts';

/** A note with what it is about. */
export interface BoardNote extends NoteView {
  readonly exceptionId: string;
}

/** Notes of one exception that stay in sight. */
const keepPerException = 20;
/** Exceptions with notes that the board does not know, because they came later or were forgotten. */
const keepStrange = 1_000;

/**
 * What people wrote, by exception, oldest first. The latest twenty of each stay: which they are does not depend on
 * the order in which they came.
 */
export class BoardNotes {
  readonly #notes = new Map<string, readonly BoardNote[]>();
  readonly #strange = new Set<string>();

  /** False when it was known. */
  add(note: BoardNote, isKnown: boolean): boolean {
    const { exceptionId } = note;
    const before = this.#notes.get(exceptionId) ?? [];
    if (before.some(({ id }) => id === note.id)) return false;
    const sorted = [...before, note].toSorted((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1));
    this.#notes.set(exceptionId, sorted.slice(-keepPerException));
    if (!isKnown) this.#strange.add(exceptionId);
    if (this.#strange.size > keepStrange) {
      for (const oldest of this.#strange) {
        this.forget(oldest);
        break;
      }
    }
    return true;
  }

  of(exceptionId: string): readonly NoteView[] {
    return (this.#notes.get(exceptionId) ?? []).map(({ id, at, by, verdict, note }) => ({
      id,
      at,
      by,
      verdict,
      note,
    }));
  }

  /** The board has the exception now, and forgets both together. */
  known(exceptionId: string): void {
    this.#strange.delete(exceptionId);
  }

  forget(exceptionId: string): void {
    this.#notes.delete(exceptionId);
    this.#strange.delete(exceptionId);
  }

  all(): readonly BoardNote[] {
    return [...this.#notes.values()].flat();
  }
}
