import type { RowView } from './contract.ts';
import { RowElement, type RowActions } from './row-element.ts';
import type { PageModel } from './page-model.ts';

/** New lines per frame: the first screen stands at once, a thousand follow without a pause in scrolling. */
const linesPerFrame = 120;

/** The list on the page, kept in step with the model by touching only what differs. */
export class RowList {
  readonly #node: HTMLElement;
  readonly #on: RowActions;
  readonly #elements = new Map<string, RowElement>();
  /** What each line was last sorted by. */
  #places: ReadonlyMap<string, string> = new Map();

  constructor(node: HTMLElement, on: RowActions) {
    this.#node = node;
    this.#on = on;
    node.addEventListener('keydown', (event) => this.#move(event));
  }

  /** Draws lines again that changed and stand on the page already. */
  redraw(model: PageModel, ids: Iterable<string>, now: number): void {
    for (const id of ids) {
      const row = model.rows.get(id);
      const line = this.#elements.get(id);
      if (row !== undefined) line?.update(row, model.pending, now);
      line?.node.classList.toggle('gone', row === undefined);
    }
  }

  tick(model: PageModel, now: number): void {
    for (const line of this.#elements.values()) line.tick(model.pending, now);
  }

  /** Brings lines in and out and into order. True when more lines wait for the next frame. */
  arrange(wanted: readonly RowView[], model: PageModel, now: number): boolean {
    const focused = document.activeElement;
    this.#takeOut(wanted);
    let budget = linesPerFrame;
    let next = this.#node.firstElementChild;
    for (const row of wanted) {
      let line = this.#elements.get(row.exception.id);
      if (line === undefined) {
        if (budget === 0) continue;
        budget -= 1;
        line = this.#build(row, model, now);
      }
      if (line.node === next) next = next.nextElementSibling;
      else this.#node.insertBefore(line.node, next);
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
    return this.#elements.size < wanted.length;
  }

  /**
   * Takes out what is not wanted, and what has another place now. The rest is in order among itself, so that
   * one line that sinks from the first place to the last is one move, not a thousand.
   */
  #takeOut(wanted: readonly RowView[]): void {
    const places = new Map(
      wanted.map(({ exception: { id, severity, raisedAt } }) => [id, `${severity} ${raisedAt}`]),
    );
    for (const [id, { node }] of this.#elements) {
      const place = places.get(id);
      if (place !== undefined && place === this.#places.get(id)) continue;
      node.remove();
      if (place === undefined) this.#elements.delete(id);
    }
    this.#places = places;
  }

  #build(row: RowView, model: PageModel, now: number): RowElement {
    const line = new RowElement(row, this.#on);
    line.update(row, model.pending, now);
    line.node.classList.toggle('arrived', model.arrived.delete(row.exception.id));
    this.#elements.set(row.exception.id, line);
    return line;
  }

  /** Up and down, or k and j, go from line to line. */
  #move(event: KeyboardEvent): void {
    if (event.target instanceof HTMLInputElement || event.ctrlKey || event.metaKey || event.altKey) return;
    const down = event.key === 'ArrowDown' || event.key === 'j';
    if (!down && event.key !== 'ArrowUp' && event.key !== 'k') return;
    const line = event.target instanceof Element ? event.target.closest('.row') : null;
    const next = down ? line?.nextElementSibling : line?.previousElementSibling;
    if (!(next instanceof HTMLElement)) return;
    event.preventDefault();
    next.focus();
  }
}
