import { median } from '../quantile.ts';
import type { Mode } from './contender.ts';
import type { QueryName } from './queries.ts';
import type { Run } from './run.ts';

/** Whom all others are compared with. */
export const YARDSTICK = 'hand loop';

/** What a process ran in one round, boiled down. */
interface Round {
  readonly cold: number;
  /** Median of the runs after the first, or the first where there are no others. */
  readonly warm: number;
  readonly cpuSecs: number;
  readonly rssMiB: number;
  readonly events: number;
}

const keyOf = (who: string, query: QueryName, mode: Mode): string => `${who}|${query}|${mode}`;

const roundOf = (runs: readonly Run[]): Round => {
  const later = runs.filter(({ run }) => run > 0);
  const warm = later.length > 0 ? later : runs;
  return {
    cold: runs[0]!.eps,
    warm: median(warm.map(({ eps }) => eps))!,
    cpuSecs: median(warm.map(({ cpuSecs }) => cpuSecs))!,
    rssMiB: Math.max(...runs.map(({ rssMiB }) => rssMiB)),
    events: runs[0]!.events,
  };
};

/**
 * All rounds of everyone. A figure is the median of the rounds; a ratio is taken within each round, since the machine
 * changes from one to the next, and the median of those ratios is told: 2 ÷ 4, 3 ÷ 4, 1 ÷ 4 → 0.5.
 */
export class Measured {
  readonly #rounds = new Map<string, (Round | undefined)[]>();

  add(round: number, runs: readonly Run[]): void {
    const [first] = runs;
    if (first === undefined) throw new Error('a process ended well and reported no run');
    const key = keyOf(first.who, first.q, first.mode);
    const rounds = this.#rounds.get(key) ?? [];
    rounds[round] = roundOf(runs);
    this.#rounds.set(key, rounds);
  }

  has(who: string, mode: Mode): boolean {
    return [...this.#rounds.keys()].some((key) => key.startsWith(`${who}|`) && key.endsWith(`|${mode}`));
  }

  figure(who: string, query: QueryName, mode: Mode, of: (round: Round) => number): number | null {
    const rounds = this.#rounds.get(keyOf(who, query, mode)) ?? [];
    return median(rounds.flatMap((round) => (round === undefined ? [] : [of(round)])));
  }

  ratio(who: string, query: QueryName, mode: Mode, of: (round: Round) => number): number | null {
    const yardstick = this.#rounds.get(keyOf(YARDSTICK, query, mode)) ?? [];
    const rounds = this.#rounds.get(keyOf(who, query, mode)) ?? [];
    return median(
      rounds.flatMap((round, index) => {
        const other = yardstick[index];
        return round === undefined || other === undefined ? [] : [of(round) / of(other)];
      }),
    );
  }
}
