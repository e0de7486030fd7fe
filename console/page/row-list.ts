import { type CauseActions, CauseElement } from './cause-element.ts';
import type { DeskContext } from './desk-context.ts';
import type { ListLine } from './list-lines.ts';
import { RowElement, type RowActions } from './row-element.ts';
import type { PageModel } from './page-model.ts';

/** New lines per frame: the first screen stands at once, a thousand follow without a pause in scrolling. */
const linesPerFrame = 120;

/** The list on the page, kept in step with the model by touching only what differs. */
export class RowList {
  readonly #node: HTMLElement;
  readonly #on: RowActions & CauseActions;
  readonly #desk: DeskContext;
  readonly #rows = new Map<string, RowElement>();
  readonly #causes = new Map<string, CauseElement>();
  /** What each line was last sorted by. */
  #places: ReadonlyMap<string, string> = new Map();

  constructor(node: HTMLElement, on: RowActions & CauseActions, desk: DeskContext) {
    this.#node = node;
    this.#on = on;
    this.#desk = desk;
    node.addEventListener('keydown', (event) => this.#move(event));
  }

  /** Draws lines again that changed and stand on the page already. */
  redraw(model: PageModel, ids: Iterable<string>, now: number): void {
    for (const id of ids) {
      const row = model.rows.get(id);
      const line = this.#rows.get(id);
      if (row !== undefined) line?.update(row, model.pending, now);
      line?.node.classList.toggle('gone', row === undefined);
    }
  }

  tick(model: PageModel, now: number): void {
    for (const line of this.#rows.values()) line.tick(model.pending, now);
    for (const [key, line] of this.#causes) line.tick(model.pending.get(key), now);
  }

  /** Brings lines in and out and into order. True when more lines wait for the next frame. */
  arrange(wanted: readonly ListLine[], model: PageModel, now: number): boolean {
    const focused = document.activeElement;
    this.#takeOut(wanted);
    let budget = linesPerFrame;
    let next = this.#node.firstElementChild;
    for (const line of wanted) {
      let node = this.#nodeOf(line.key);
      if (node === undefined) {
        if (budget === 0) continue;
        budget -= 1;
        node = this.#build(line, model, now);
      }
      if (line.kind === 'cause') {
        const { key, cause, shown, isOpen } = line;
        this.#causes.get(key)?.update(cause, shown, isOpen, model.pending.get(key), now);
      } else node.classList.toggle('under', line.under);
      if (node === next) next = next.nextElementSibling;
      else this.#node.insertBefore(node, next);
    }
    const first = this.#node.firstElementChild;
    if (first instanceof HTMLElement) first.tabIndex = 0;
    // A line that is moved loses the focus; a person at the keyboard should not.
    if (
      focused instanceof HTMLElement &&
      focused !== document.activeElement &&
      this.#node.contains(focused)
    ) {
      focused.focus({ preventScroll: true });
    }
    return this.#rows.size + this.#causes.size < wanted.length;
  }

  /**
   * Takes out what is not wanted, and what has another place now. The rest is in order among itself, so that
   * one line that sinks from the first place to the last is one move, not a thousand.
   */
  #takeOut(wanted: readonly ListLine[]): void {
    const places = new Map(wanted.map(({ key, place }) => [key, place]));
    for (const lines of [this.#rows, this.#causes]) {
      for (const [key, { node }] of lines) {
        const place = places.get(key);
        if (place !== undefined && place === this.#places.get(key)) continue;
        node.remove();
        if (place === undefined) lines.delete(key);
      }
    }
    this.#places = places;
  }

  #nodeOf(key: string): HTMLElement | undefined {
    return this.#rows.get(key)?.node ?? this.#causes.get(key)?.node;
  }

  #build(line: ListLine, model: PageModel, now: number): HTMLElement {
    if (line.kind === 'cause') {
      const cause = new CauseElement(line.cause, this.#on, this.#desk);
      this.#causes.set(line.key, cause);
      return cause.node;
    }
    const row = new RowElement(line.row, this.#on, this.#desk);
    row.update(line.row, model.pending, now);
    row.node.classList.toggle('arrived', model.arrived.delete(line.key));
    this.#rows.set(line.key, row);
    return row.node;
  }

  /** Up and down, or k and j, go from line to line. */
  #move(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target instanceof HTMLInputElement || event.target instanceof HTMLTextAreaElement) return;
    const down = event.key === 'ArrowDown' || event.key === 'j';
    if (!down && event.key !== 'ArrowUp' && event.key !== 'k') return;
    const line = event.target instanceof Element ? event.target.closest('.row') : null;
    const next = down ? line?.nextElementSibling : line?.previousElementSibling;
    if (!(next instanceof HTMLElement)) return;
    event.preventDefault();
    next.focus();
  }
}
