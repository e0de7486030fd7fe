/** The producer of everything that comes from outside. */
export const EXTERNAL = 'external';
/** Who commits what comes from outside, group by group. */
export const HEARD = '~heard';

/** Where processes share a line: who stamps for a partition number, `external/3`, and who commits that, `~heard/3`. */
export const STAMPER = `${EXTERNAL}/`;
export const stamperOf = (number: number): string => `${STAMPER}${number}`;
export const heardBy = (number: number): string => `${HEARD}/${number}`;
/** Whether a producer commits what comes from outside. */
export const isHeard = (producer: string): boolean => producer.startsWith(HEARD);

/** What the log calls its topics and transactions in Kafka. */
export interface KafkaNames {
  readonly topic: (topic: string) => string;
  /** Changed state of all producers, compacted: what a newer base has made needless is deleted by its key. */
  readonly state: string;
  /** The last commit of each producer, compacted by producer. */
  readonly commits: string;
  /** Log time and sender's ids of what came from outside, compacted. */
  readonly heard: string;
  /** Where processes share a line: frontiers that moved without a commit, and nothing that must be kept. */
  readonly frontiers: string;
  /** Where processes share a line: a partition for each partition number, without records; who is assigned one has it. */
  readonly tasks: string;
  readonly transaction: (producer: string) => string;
}

/**
 * With the prefix `forewarn`: `forewarn.tracking`, `forewarn.log-state`, the transactions of `forewarn.watch.0`, and
 * for a topic of a pipeline's own, `~normalise.by-event`, `forewarn.normalise.by-event-repartition`.
 */
export const kafkaNames = (prefix: string): KafkaNames => ({
  topic: (topic) =>
    topic.startsWith('~') ? `${prefix}.${topic.slice(1)}-repartition` : `${prefix}.${topic}`,
  state: `${prefix}.log-state`,
  commits: `${prefix}.log-commits`,
  heard: `${prefix}.log-heard`,
  frontiers: `${prefix}.log-frontiers`,
  tasks: `${prefix}.tasks`,
  transaction: (producer) => `${prefix}.${producer.replaceAll('/', '.')}`,
});
