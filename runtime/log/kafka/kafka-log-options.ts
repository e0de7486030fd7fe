import type { Clock } from '../../clock.ts';
import type { ForewarnError } from '../../forewarn-error.ts';
import type { KafkaAddress } from '../../kafka/connection.ts';

export interface KafkaLogOptions extends KafkaAddress {
  /** First part of the names of all topics and transactions: one line has one prefix. */
  readonly prefix: string;
  /** Partitions by topic. */
  readonly topics: Readonly<Record<string, number>>;
  /** As of the embedded log: how late it is, given how late it was; `recorded`: what the appended records say. */
  readonly time: ((last: number) => Clock) | 'recorded';
  /** Copies of each topic that is made; those that are there stay as they are. */
  readonly replicas?: number;
  /** Bytes that may wait for Kafka before `append` refuses with FW310. */
  readonly queueBytes?: number;
  /** Sender's ids that are remembered per topic. */
  readonly rememberedIds?: number;
  /** Newest records that are kept in memory for readers. */
  readonly memoryBytes?: number;
  /** Longest value of a record. */
  readonly maxRecordBytes?: number;
  /** Which producers this process is; all of them without it. Others are heard, and never fenced. */
  readonly owns?: (producer: string) => boolean;
  /**
   * Which partitions are read as they grow: all, or those that a reader follows; the others are read when they are asked for. All
   * without it, and those that are followed where several processes share the line.
   */
  readonly reads?: 'all' | 'followed';
  /** It reads, as far as the configured partitions go: nothing is made or checked, nobody is fenced, and nothing can be written. */
  readonly readsOnly?: boolean;
  /**
   * Which producers commit together, in one transaction with one id: those that always run in one process, since they are
   * fenced together. Each by itself without it.
   */
  readonly laneOf?: (producer: string) => string;
  /** Several processes share the line, by partition number; `owns` says nothing then. */
  readonly sharing?: SharingOptions;
  /** What was written must come back through the reader within this, or a new reader is made. */
  readonly patienceMs?: number;
  readonly note?: (line: string) => void;
}

export interface SharingOptions {
  /** Partition numbers; a number is one process's at a time, and until each has one time stands still. */
  readonly numbers: number;
  /** Name of this process among those that share. */
  readonly member: string;
  /** The number that a producer belongs to. */
  readonly numberOf: (producer: string) => number;
  /** Another process has taken a number of this one's: nothing is committed as it any more. */
  readonly onFenced: (number: number, error: ForewarnError) => void;
}

export const maxRecordBytesOf = ({ maxRecordBytes }: Pick<KafkaLogOptions, 'maxRecordBytes'>): number =>
  maxRecordBytes ?? 16 << 20;
