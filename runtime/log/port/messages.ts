import type { Appended, AppendOptions, Committed, NewRecord } from '../log.ts';
import type { PackedCommit, PackedRun } from '../packed.ts';
import type { PassedError } from '../../threads/passed-error.ts';

/** What a thread asks of the log; each is answered once, by its id. */
export type Question =
  | {
      readonly ask: 'read';
      readonly id: number;
      readonly topic: string;
      readonly partition: number;
      readonly fromOffset: number;
      readonly maxBytes: number | undefined;
    }
  | { readonly ask: 'commit'; readonly id: number; readonly commit: PackedCommit }
  | {
      readonly ask: 'append';
      readonly id: number;
      readonly topic: string;
      readonly record: NewRecord;
      readonly options: AppendOptions;
    }
  | {
      readonly ask: 'follow';
      readonly id: number;
      readonly reader: string;
      readonly from: ReadonlyMap<string, number>;
    };

/** What a thread sends at a time, all of one turn of its event loop. */
export interface ToLog {
  readonly questions: readonly Question[];
  /** Frontiers that moved without a row, by producer. */
  readonly frontiers: readonly (readonly [producer: string, frontier: number])[];
  /** It has taken up the moves before: the next may come. */
  readonly hasSeen: boolean;
}

export type Answer = { readonly id: number } & (
  | { readonly runs: readonly PackedRun[] }
  | { readonly committed: Committed }
  | { readonly appended: Appended }
  | { readonly followed: true }
  | { readonly error: PassedError }
);

export interface ProducerMove {
  readonly producer: string;
  readonly epoch: number;
  readonly frontier: number;
  /** End of its state topic. */
  readonly stateEnd: number;
}

/** What became otherwise in the log since the moves before: one moment of it. */
export interface Moves {
  readonly ends: readonly (readonly [topic: string, partition: number, end: number])[];
  readonly producers: readonly ProducerMove[];
  readonly closedUntil: number;
  /** By the log's clock. */
  readonly now: number;
}

/** How the log stands when a thread comes to it. */
export interface Welcome {
  /** Partitions by topic. */
  readonly topics: Readonly<Record<string, number>>;
  readonly stampers?: readonly string[];
  readonly moves: Moves;
}

/** What the log sends at a time. Moves come before the answers that rely on them: who reads an answer sees what it tells of. */
export interface FromLog {
  readonly welcome?: Welcome;
  readonly moves: Moves | null;
  readonly answers: readonly Answer[];
}
