import type { Table } from './table.ts';

/** What a bench found: tables, and what a reader must know to read them. */
export interface Findings {
  readonly tables: readonly Table[];
  readonly notes: readonly string[];
}

/** What was given on the command line for the options that a bench takes. */
export type BenchOptions = Readonly<Record<string, string | undefined>>;

export interface Bench {
  readonly name: string;
  /** One line that says what it measures. */
  readonly about: string;
  /** Name of the one word that may follow the bench's own, given among the options. */
  readonly argument?: string;
  /** Options of its own, each with a value: name → one line that says what it does. */
  readonly options?: Readonly<Record<string, string>>;
  /** `say` tells what is under way; figures are in the findings only. */
  run(say: (line: string) => void, options: BenchOptions): Promise<Findings>;
}
