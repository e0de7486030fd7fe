/**
 * The part of `@confluentinc/kafka-javascript` 1.10 that Forewarn calls: the RdKafka-style API. The package is an
 * optional peer, so its own types may not be there when ours are checked.
 */
declare module '@confluentinc/kafka-javascript' {
  import type { EventEmitter } from 'node:events';

  export interface KafkaError extends Error {
    readonly code: number;
    readonly isFatal?: boolean;
    readonly isRetriable?: boolean;
    readonly isTxnRequiresAbort?: boolean;
  }

  type Done<T = void> = (error: KafkaError | null | undefined, answer: T) => void;
  /** Settings of librdkafka, by their names in its CONFIGURATION.md. */
  type Settings = Readonly<Record<string, unknown>>;
  /** Each header is an object of one entry; Kafka allows a name twice. */
  export type KafkaHeader = Readonly<Record<string, string | Buffer>>;

  export interface KafkaPlace {
    readonly topic: string;
    readonly partition: number;
    readonly offset: number;
  }

  export interface KafkaMessage extends KafkaPlace {
    readonly value: Buffer | null;
    readonly key?: Buffer | string | null;
    /** Milliseconds since 1970. */
    readonly timestamp?: number;
    readonly headers?: readonly KafkaHeader[];
    readonly size: number;
  }

  export interface DeliveryReport extends KafkaPlace {
    readonly opaque?: unknown;
  }

  export interface TopicMetadata {
    readonly name: string;
    readonly partitions: readonly { readonly id: number }[];
  }

  interface Client extends EventEmitter {
    connect(options: { readonly timeout?: number }, done: Done<unknown>): this;
    disconnect(done: Done<unknown>): this;
    isConnected(): boolean;
    getMetadata(
      options: { readonly topic?: string; readonly timeout?: number },
      done: Done<{ readonly topics: readonly TopicMetadata[] }>,
    ): void;
    queryWatermarkOffsets(
      topic: string,
      partition: number,
      timeoutMs: number,
      done: Done<{ readonly lowOffset: number; readonly highOffset: number }>,
    ): void;
  }

  export interface KafkaConsumer extends Client {
    assign(places: readonly KafkaPlace[]): this;
    incrementalAssign(places: readonly KafkaPlace[]): this;
    incrementalUnassign(places: readonly KafkaPlace[]): this;
    /** Within a revocation: others have them already. */
    assignmentLost(): boolean;
    unassign(): this;
    subscribe(topics: readonly string[]): this;
    unsubscribe(): this;
    commit(places: readonly KafkaPlace[]): this;
    consume(most: number, done: Done<readonly KafkaMessage[]>): void;
    setDefaultConsumeTimeout(timeoutMs: number): void;
  }
  export const KafkaConsumer: new (global: Settings, topic: Settings) => KafkaConsumer;

  export interface Producer extends Client {
    /** Not of its public surface: what it calls into, and what it has that call back. See `DeliveryReports`. */
    readonly _client?: {
      readonly configureCallbacks?: (
        add: boolean,
        callbacks: { readonly event: { readonly delivery_cb: unknown } },
      ) => void;
    };
    readonly _cb_configs?: { readonly event?: { readonly delivery_cb?: unknown } };
    produce(
      topic: string,
      partition: number | null,
      value: Buffer | null,
      key: Buffer | string | null,
      timestamp: number | null,
      opaque?: unknown,
      headers?: readonly KafkaHeader[],
    ): unknown;
    flush(timeoutMs: number, done: Done): this;
    setPollInBackground(inBackground: boolean): void;
    initTransactions(timeoutMs: number, done: Done): void;
    beginTransaction(done: Done): void;
    commitTransaction(timeoutMs: number, done: Done): void;
    abortTransaction(timeoutMs: number, done: Done): void;
  }
  export const Producer: new (global: Settings, topic: Settings) => Producer;

  export interface NewTopic {
    readonly topic: string;
    readonly num_partitions: number;
    readonly replication_factor: number;
    readonly config: Readonly<Record<string, string>>;
  }

  export interface TopicDescription {
    readonly name: string;
    readonly topicId: { readonly base64: string };
    readonly partitions: readonly { readonly partition: number }[];
    readonly error?: KafkaError;
  }

  export interface ListedOffset extends KafkaPlace {
    readonly error?: KafkaError;
  }

  export interface GroupDescription {
    readonly groupId: string;
    readonly error?: KafkaError;
    /** 3 is stable: nothing moves. */
    readonly state: number;
    readonly members: readonly {
      readonly memberId: string;
      readonly groupInstanceId?: string | null;
      readonly assignment: {
        readonly topicPartitions: readonly { readonly topic: string; readonly partition: number }[];
      };
    }[];
  }

  export interface Admin {
    /** Ends the process with a segmentation fault where no broker can be reached (its issue 531): for tests alone. */
    describeGroups(
      groups: readonly string[],
      options: { readonly timeout: number },
      done: Done<{ readonly groups: readonly GroupDescription[] }>,
    ): void;
    describeTopics(
      topics: readonly string[],
      options: { readonly timeout: number },
      done: Done<readonly TopicDescription[]>,
    ): void;
    /** By a time in milliseconds; -2 is the first offset, -1 the one behind the last. Isolation 1: of what is committed. */
    listOffsets(
      places: readonly {
        readonly topic: string;
        readonly partition: number;
        readonly offset: { readonly timestamp: number };
      }[],
      options: { readonly timeout: number; readonly isolationLevel: 0 | 1 },
      done: Done<readonly ListedOffset[]>,
    ): void;
    createTopic(topic: NewTopic, timeoutMs: number, done: Done): void;
    deleteRecords(
      places: readonly KafkaPlace[],
      options: { readonly timeout: number },
      done: Done<unknown>,
    ): void;
    disconnect(): void;
  }
  export const AdminClient: { create(global: Settings): Admin };
}
