import { KeyedState } from '../../runtime/state/keyed-state.ts';

/** A row that found no version, and may still find one. */
export interface Waiting<L> {
  readonly row: L;
  readonly at: number;
  readonly since: number;
}

/** A row that was answered with a version, or with none, and may be answered again. */
export interface Answered<L> {
  readonly row: L;
  readonly at: number;
  readonly until: number;
  /** Slot of the version's row, `NONE`, or `GONE`. */
  readonly version: number;
  readonly revision: number;
}

export const NONE = -1;
/** The answer's version was taken back or let go of, and its slot may be another's by now. */
export const GONE = -2;

/** The rows of one key that are kept. */
export interface KeptRows<L> {
  readonly waiting: readonly Waiting<L>[];
  readonly answered: readonly Answered<L>[];
}

const nothing: KeptRows<never> = { waiting: [], answered: [] };

/** Rows that wait for a version or may be answered again, by key id. Most keys have none. */
export class WaitingRows<L> extends KeyedState<KeptRows<L>> {
  of(id: number): KeptRows<L> {
    return this.get(id) ?? nothing;
  }

  keep(id: number, kept: KeptRows<L>): void {
    if (kept.waiting.length > 0 || kept.answered.length > 0) this.set(id, kept);
    else this.delete(id);
  }

  /** A version is gone: answers that were given with it are not told from others by its slot any more. */
  lose(id: number, slot: number): void {
    const kept = this.get(id);
    if (kept === undefined) return;
    const answered = kept.answered.map((one) => (one.version === slot ? { ...one, version: GONE } : one));
    this.set(id, { ...kept, answered });
  }
}
