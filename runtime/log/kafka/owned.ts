import { randomUUID } from 'node:crypto';
import { ForewarnError } from '../../forewarn-error.ts';
import { isNumberLost } from '../number-lost.ts';
import type { Sharing } from './marker.ts';

/** The name in the group of an owner; empty of one that said none. */
export const memberOfOwner = (owner: string): string => {
  const slash = owner.indexOf('/');
  return slash < 0 ? '' : owner.slice(slash + 1);
};

/** The partition numbers that this process has, as far as it knows. */
export class Owned {
  /** This run of this process, and its name in the group. */
  readonly owner: string;
  readonly #numbers = new Set<number>();
  readonly #onFenced: (number: number, error: ForewarnError) => void;

  constructor(member: string, onFenced: (number: number, error: ForewarnError) => void) {
    this.owner = `${randomUUID()}/${member}`;
    this.#onFenced = onFenced;
  }

  /**
   * As which it stamps. The lowest, so that whoever dispatches, which goes with 0, writes down attempts as 0: they are
   * fenced with it, and nothing is sent that could not be written down first.
   */
  get first(): number | undefined {
    return this.#numbers.size === 0 ? undefined : Math.min(...this.#numbers);
  }

  get sharing(): Sharing {
    return { owner: this.owner, numbers: this.numbers };
  }

  get numbers(): readonly number[] {
    return [...this.#numbers].sort((a, b) => a - b);
  }

  add(number: number): void {
    this.#numbers.add(number);
  }

  delete(number: number): void {
    this.#numbers.delete(number);
  }

  /** A number was claimed: by another process, it is not this one's any more. */
  claimed(number: number, owner: string): void {
    if (owner === this.owner) return;
    const message = `another process has taken partition number ${number}`;
    this.lost(number, new ForewarnError('FW614', message));
  }

  /** Whether an error says that a number is another's, or was given; then it stamps by it no more. */
  lost(number: number, error: unknown): boolean {
    if (!isNumberLost(error)) return false;
    const had = this.#numbers.delete(number);
    if (had && error.code === 'FW614') this.#onFenced(number, error);
    return true;
  }
}
