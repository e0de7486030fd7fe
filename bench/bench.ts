import type { Table } from './table.ts';

/** What a bench found: tables, and what a reader must know to read them. */
export interface Findings {
  readonly tables: readonly Table[];
  readonly notes: readonly string[];
}

export interface Bench {
  readonly name: string;
  /** One line that says what it measures. */
  readonly about: string;
  /** `say` tells what is under way; figures are in the findings only. */
  run(say: (line: string) => void): Promise<Findings>;
}
