import type { Dispatch } from '../domain/dispatch.ts';
import type { DispatchView } from './page/contract.ts';

/** As much of a dispatch as the desk is shown. */
export type DispatchNews = Pick<
  Dispatch,
  'id' | 'version' | 'heardAt' | 'state' | 'heldUntil' | 'heldBecause' | 'suppressedBecause'
>;

/** Dispatches whose action has not been read yet, and those of digests, which are nobody's action. */
const keepStrange = 5_000;

/** What the step that knows the customer made of each action; of each the latest word counts. */
export class BoardDispatches {
  readonly #news = new Map<string, DispatchNews>();
  readonly #strange = new Set<string>();

  /** False when a later word was known. */
  apply(dispatch: DispatchNews, isKnown: boolean): boolean {
    const { id, version, heardAt, state, heldUntil, heldBecause, suppressedBecause } = dispatch;
    const news = { id, version, heardAt, state, heldUntil, heldBecause, suppressedBecause };
    const before = this.#news.get(id);
    if (before !== undefined && !isLater(news, before)) return false;
    this.#news.set(id, news);
    if (!isKnown) this.#strange.add(id);
    if (this.#strange.size > keepStrange) {
      for (const oldest of this.#strange) {
        this.forget(oldest);
        break;
      }
    }
    return true;
  }

  of(actionId: string): DispatchView | null {
    const news = this.#news.get(actionId);
    if (news === undefined) return null;
    // Once it is let go nothing holds it any more.
    const heldUntil = news.state === 'proposed' ? news.heldUntil : null;
    const { suppressedBecause } = news;
    return { heldUntil, heldBecause: heldUntil === null ? null : news.heldBecause, suppressedBecause };
  }

  /** The board has the action now, and forgets both together. */
  known(actionId: string): void {
    this.#strange.delete(actionId);
  }

  forget(actionId: string): void {
    this.#news.delete(actionId);
    this.#strange.delete(actionId);
  }

  all(): readonly DispatchNews[] {
    return [...this.#news.values()];
  }
}

/** By the action's version, then by log time; the state decides between two of the same moment, so that any order ends alike. */
const isLater = (a: DispatchNews, b: DispatchNews): boolean =>
  a.version !== b.version
    ? a.version > b.version
    : a.heardAt !== b.heardAt
      ? a.heardAt > b.heardAt
      : a.state !== 'proposed' && (b.state === 'proposed' || a.state > b.state);
