import { operate } from '../runtime/operate.ts';
import type { Services, Step } from '../runtime/step.ts';
import { BesideRun } from './beside/beside-run.ts';

export interface BesideOptions<T, V> {
  readonly name: string;
  /** In a few words, for who reads the graph. */
  readonly detail: string;
  /** Rows about which there is something to ask. */
  readonly wants: (row: T) => boolean;
  /** Answers in the order of the rows; undefined where there is nobody to ask. */
  readonly ask: (rows: readonly T[], services: Services) => Promise<readonly V[]> | undefined;
  /**
   * `waits`: a barrier waits for the answers. `leaves`: it takes the rows along without them, and so do more than
   * `atMost` rows that wait; what is asked here holds up nobody.
   */
  readonly atBarrier: 'waits' | 'leaves';
  readonly atMost?: number;
}

/** A row with what was said of it; null where nothing was asked, or nothing came in time. */
export interface Beside<T, V> {
  readonly row: T;
  readonly said: V | null;
}

/**
 * Asks something beside the main line about some of its rows: rows come out in the order in which they went in, each once.
 * What fails or leaves without an answer is counted, and null. Keeps no state; after a crash it is asked again.
 */
export const beside = <T, V>(options: BesideOptions<T, V>): Step<T, Beside<T, V>> => ({
  verb: 'ask beside',
  name: options.name,
  stateful: false,
  async: true,
  deterministic: false,
  detail: options.detail,
  counts: ['unanswered'],
  faults: [],
  make: (context) => (inputs) =>
    inputs[0]!.pipe(operate<T, Beside<T, V>>((out) => new BesideRun(context, options, out)) as never),
});
