import type { Checkpointed } from '../../runtime/state/checkpointed.ts';
import { KeyIndex, type KeyIndexPart } from '../../runtime/state/key-index.ts';
import { type PanePart, PaneTable } from '../../runtime/state/pane-table.ts';
import type { Pane, Records } from './records.ts';

interface PanesPart {
  readonly keys: KeyIndexPart | null;
  readonly panes: readonly (readonly [number, PanePart])[];
  readonly dropped: readonly number[];
}

/**
 * The open panes of a window, by the number of their start, and the keys that they hold. A key without a pane is
 * forgotten, so that the state is what the open panes hold and no more.
 */
export class Panes implements Checkpointed {
  readonly #keys = new KeyIndex();
  readonly #records: Records;
  readonly #open = new Map<number, Pane>();
  readonly #spare: Pane[] = [];
  #dropped: number[] = [];
  #isRestored = false;

  constructor(records: Records) {
    this.#records = records;
  }

  get keys(): KeyIndex {
    if (this.#isRestored) this.#recount();
    return this.#keys;
  }

  get size(): number {
    let size = 0;
    for (const pane of this.#open.values()) size += pane.size;
    return size;
  }

  get dirty(): boolean {
    if (this.#dropped.length > 0) return true;
    for (const pane of this.#open.values()) if (pane.dirty) return true;
    return false;
  }

  /** Numbers of the open panes, in order. */
  get numbers(): readonly number[] {
    return [...this.#open.keys()].sort((a, b) => a - b);
  }

  find(number: number): Pane | undefined {
    return this.#open.get(number);
  }

  /** The pane with this number; one that is new is empty. */
  open(number: number): Pane {
    let pane = this.#open.get(number);
    if (pane === undefined) this.#open.set(number, (pane = this.#spare.pop() ?? this.newPane()));
    return pane;
  }

  newPane(): Pane {
    const { width, codec } = this.#records;
    return new PaneTable<unknown[]>(codec === undefined ? { width } : { width, objects: codec });
  }

  drop(number: number): void {
    // Before the pane is gone: after a restart its keys are counted with it.
    const { keys } = this;
    const pane = this.#open.get(number)!;
    this.#open.delete(number);
    this.#dropped.push(number);
    keys.releaseAll(pane.keys, 0, pane.size);
    pane.reset();
    if (this.#spare.length < 4) this.#spare.push(pane);
  }

  delta(): PanesPart {
    const dropped = this.#dropped;
    this.#dropped = [];
    const panes: (readonly [number, PanePart])[] = [];
    for (const [number, pane] of this.#open) if (pane.dirty) panes.push([number, pane.delta()]);
    return { keys: this.#keys.delta(), panes, dropped };
  }

  all(): Iterable<PanesPart> {
    const keys = this.#keys.all();
    const open = [...this.#open].map(([number, pane]) => [number, pane.all()] as const);
    return {
      *[Symbol.iterator]() {
        for (const part of keys) yield { keys: part, panes: [], dropped: [] };
        for (const [number, parts] of open)
          for (const part of parts) yield { keys: null, panes: [[number, part] as const], dropped: [] };
      },
    };
  }

  restore({ keys, panes, dropped }: PanesPart): void {
    if (keys !== null) this.#keys.restore(keys);
    for (const number of dropped) this.#open.delete(number);
    for (const [number, part] of panes) {
      let pane = this.#open.get(number);
      if (pane === undefined) this.#open.set(number, (pane = this.newPane()));
      pane.restore(part);
    }
    this.#isRestored = true;
  }

  /** Who holds which key is not in the checkpoint: the panes say it, once all of them are back. */
  #recount(): void {
    this.#isRestored = false;
    this.#keys.forgetCounts();
    for (const pane of this.#open.values()) this.#keys.retainAll(pane.keys, 0, pane.size);
  }
}
