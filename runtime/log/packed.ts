import type { Commit, Committed, TopicWrite } from './log.ts';

/** Records in one piece, in the journal's grammar (frame.ts). */
export interface PackedRecords {
  readonly count: number;
  readonly bytes: Uint8Array;
}

/** Records of one producer with consecutive offsets. */
export interface PackedRun extends PackedRecords {
  readonly base: number;
  readonly producer: string;
  readonly stamper?: string;
}

export interface PackedWrite extends Pick<TopicWrite, 'topic' | 'partition'> {
  readonly records: PackedRecords;
}

/** A commit whose rows were encoded where they were made. */
export interface PackedCommit extends Omit<Commit, 'writes'> {
  readonly writes: readonly PackedWrite[];
}

/**
 * A log that takes records, and hands them over, as they cross to another thread: this thread makes no object of those that
 * only pass through it.
 */
export interface PackedLog {
  /** As `read`; the bytes may be the log's own, and are not to be changed. */
  readPacked(
    topic: string,
    partition: number,
    fromOffset: number,
    maxBytes?: number,
  ): Promise<readonly PackedRun[]>;
  /** As `commit`. */
  commitPacked(commit: PackedCommit): Promise<Committed>;
}
