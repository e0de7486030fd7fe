import { EXTERNAL, heardBy, stamperOf } from './kafka-names.ts';
import type { KafkaView } from './kafka-view.ts';
import type { Sharing } from './marker.ts';
import { memberOfOwner } from './owned.ts';

/**
 * Who stamps for each partition number, by the order of the topic in which it is claimed, and how late it is for all of them.
 * Every reader sees the same claims and the same times in the same order, so what a process says that has lost a number, and
 * does not know it, counts for nobody: not for others, and not for itself.
 * 0 claimed by A, A says 5, 0 claimed by B at 6, A says 9 → 6.
 */
export class Stampers {
  readonly names: readonly string[];
  readonly #view: KafkaView;
  readonly #owners = new Map<number, string>();

  readonly #onClaim: (number: number, owner: string) => void;

  constructor(count: number, view: KafkaView, onClaim: (number: number, owner: string) => void) {
    this.#onClaim = onClaim;
    this.names = Array.from({ length: count }, (_, number) => stamperOf(number));
    this.#view = view;
  }

  /** Takes up what a record says, once the marker of its own commit has been given to the view. Answers whether its time counts. */
  heard({ owner, numbers, claims }: Sharing, frontier: number): boolean {
    if (claims !== undefined) {
      this.#owners.set(claims, owner);
      this.#onClaim(claims, owner);
    }
    const own = this.claimed({ owner, numbers });
    for (const number of own) {
      const producer = heardBy(number);
      // What it has committed so far lies below; it counts when that does.
      this.#view.promise({ producer, epoch: this.#view.readEpoch(producer), frontier });
    }
    return own.length > 0;
  }

  /** Of the numbers for which something is said, those that are the speaker's. */
  claimed({ owner, numbers }: Pick<Sharing, 'owner' | 'numbers'>): readonly number[] {
    return numbers.filter((number) => this.#owners.get(number) === owner);
  }

  /** Who claimed each number last, by its name; whoever has died meanwhile too, until another claims it. */
  get members(): ReadonlyMap<number, string> {
    return new Map([...this.#owners].map(([number, owner]) => [number, memberOfOwner(owner)]));
  }

  /** How far a stamper, `external/3`, has come. */
  frontier(stamper: string): number {
    return this.#view.frontier(heardBy(Number(stamper.slice(EXTERNAL.length + 1))));
  }

  /** Log time up to which all have been heard. */
  get closedUntil(): number {
    const least = Math.min(...this.names.map((name) => this.frontier(name)));
    return least === -Infinity ? 0 : least;
  }
}
