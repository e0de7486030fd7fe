import type { Pipeline } from '../../runtime/graph.ts';
import type { ScorerService } from '../../runtime/scorer-service.ts';
import type { GeneratedLog } from './generated-log.ts';

/** A situation in which an engine would fill the memory if nothing held it. */
export interface Scenario {
  readonly about: string;
  /** MB that the whole process may take, and that its old generation is given. */
  readonly rssMB: number;
  readonly heapMB: number;
  /** For how long, in so many seconds that are given. */
  make(secs: number): Situation;
}

export interface Situation {
  readonly pipelines: readonly Pipeline[];
  readonly log: GeneratedLog;
  readonly scorer?: ScorerService;
  /** More has come by the second `sec` of the run. */
  readonly goOn: (sec: number) => void;
  /** It is over when this much was written and the engine has come to rest. */
  readonly isDone: () => boolean;
  /** Steps whose state is counted, and how many rows of it there may be at most and at the end. */
  readonly state?: { readonly steps: readonly string[]; readonly most: number; readonly left: number };
}

/** What was measured at one moment. */
export interface Sample {
  readonly sec: number;
  readonly rssMB: number;
  readonly heapMB: number;
  /** Read from the log and not taken. */
  readonly aheadRows: number;
  readonly aheadBytes: number;
  /** Written by steps and not committed, and under way to the log. */
  readonly gatheredBytes: number;
  readonly committingBytes: number;
  /** Batches that are outside the thread. */
  readonly underWay: number;
  readonly stateRows: number;
  readonly lag: number;
  readonly written: number;
}

/** Bounds that hold for every task, whatever comes; docs/testing.md says where they come from. */
export const MOST_AHEAD_BYTES_AN_INPUT = 3 << 20;
export const MOST_GATHERED_BYTES = 33 << 20;
export const CREDIT = 8;

export interface Outcome {
  readonly name: string;
  readonly samples: readonly Sample[];
  /** What was not within its bound, in words. */
  readonly faults: readonly string[];
}
