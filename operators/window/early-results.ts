import type { Key } from '../../runtime/item.ts';
import { KeyedState, type StateDelta } from '../../runtime/state/keyed-state.ts';

interface Changed {
  readonly number: number;
  readonly id: Key;
  readonly due: number;
}

/**
 * Which keys changed in which panes, or sessions by their start, since results were last said before the end of their windows. They are said at
 * whole multiples of the interval of log time. interval 10: changes at 12 and 17 → said at 20, once.
 */
export class EarlyResults extends KeyedState<Changed> {
  readonly #everyMs: number;
  #due = Infinity;

  constructor(everyMs: number) {
    super();
    this.#everyMs = everyMs;
  }

  changed(number: number, id: Key, heardAt: number): void {
    if (this.#due === Infinity) this.#due = (Math.floor(heardAt / this.#everyMs) + 1) * this.#everyMs;
    const name = `${number} ${id}`;
    if (this.get(name) === undefined) this.set(name, { number, id, due: this.#due });
  }

  /** When something is to be said, if it is by `now`. */
  dueBy(now: number): number | undefined {
    return this.#due <= now ? this.#due : undefined;
  }

  /** By number, then by key: ids, and the order in which they came to be here, depend on where the input was cut. */
  take(keyOf: (id: Key) => Key): readonly Changed[] {
    this.#due = Infinity;
    const all = [...this.entries()].map(([, changed]) => ({ changed, key: keyOf(changed.id) }));
    all.sort((a, b) => a.changed.number - b.changed.number || (a.key === b.key ? 0 : a.key < b.key ? -1 : 1));
    for (const { changed } of all) this.delete(`${changed.number} ${changed.id}`);
    return all.map(({ changed }) => changed);
  }

  /** The pane is gone, or the session of one key. */
  forget(number: number, id?: Key): void {
    if (id !== undefined) this.delete(`${number} ${id}`);
    else for (const [name, changed] of this.entries()) if (changed.number === number) this.delete(name);
    if (this.size === 0) this.#due = Infinity;
  }

  override restore(delta: StateDelta): void {
    super.restore(delta);
    this.#due = Math.min(Infinity, ...[...this.entries()].map(([, { due }]) => due));
  }
}
