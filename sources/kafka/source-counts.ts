import type { KafkaMessage } from '@confluentinc/kafka-javascript';
import type { ErrorCode } from '../../runtime/forewarn-error.ts';

/** Why a consumer is made anew. */
export const restartReasons = ['stalled', 'new-partitions', 'lost', 'failed'] as const;
export type RestartReason = (typeof restartReasons)[number];
/** What became of a record. */
export const recordResults = ['taken', 'duplicate', 'tombstone', 'letter'] as const;
export type RecordResult = (typeof recordResults)[number];
/** `held`: it waits for a broker, the line or a registry. `stopped`: it takes nothing any more. */
export const sourceStates = ['running', 'held', 'stopped'] as const;
export type SourceState = (typeof sourceStates)[number];

/** What is counted, by topic. */
export interface SourceCounts {
  readonly records: (topic: string, result: RecordResult, n: number) => void;
  readonly bytes: (topic: string, n: number) => void;
  readonly lag: (topic: string, partition: number, records: number) => void;
  readonly gap: (topic: string, records: number) => void;
  readonly restarted: (topic: string, why: RestartReason) => void;
  readonly state: (topic: string, state: SourceState) => void;
}

/** A record that became no document, or records that are gone. */
export interface SourceLetter {
  readonly code: ErrorCode;
  readonly reason: string;
  readonly documentId: string;
  /** Null for what is gone. */
  readonly message: KafkaMessage | null;
}
