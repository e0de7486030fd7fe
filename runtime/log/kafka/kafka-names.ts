/** The producer of everything that comes from outside. */
export const EXTERNAL = 'external';
/** Who commits what comes from outside, group by group. */
export const HEARD = '~heard';

/** What the log calls its topics and transactions in Kafka. */
export interface KafkaNames {
  readonly topic: (topic: string) => string;
  /** Changed state of all producers, compacted: what a newer base has made needless is deleted by its key. */
  readonly state: string;
  /** The last commit of each producer, compacted by producer. */
  readonly commits: string;
  /** Log time and sender's ids of what came from outside, compacted. */
  readonly heard: string;
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
  transaction: (producer) => `${prefix}.${producer.replaceAll('/', '.')}`,
});
