import type { KafkaMessage } from '@confluentinc/kafka-javascript';

/** Messages of one partition that came one behind the other, at least one. */
export interface Run {
  readonly topic: string;
  readonly partition: number;
  /** `topic/partition`. */
  readonly place: string;
  readonly messages: readonly KafkaMessage[];
}

/**
 * What a call of a consumer brought, by partition as it came: a few runs of many messages, so that what is the same for a partition is done
 * once. a/0: 1, 2 · a/1: 5 · a/0: 3 → three runs.
 */
export const runsOf = (messages: readonly KafkaMessage[]): readonly Run[] => {
  const runs: Run[] = [];
  for (let from = 0; from < messages.length;) {
    const { topic, partition } = messages[from]!;
    let to = from + 1;
    while (to < messages.length && messages[to]!.partition === partition && messages[to]!.topic === topic)
      to += 1;
    const isAll = to - from === messages.length;
    runs.push({
      topic,
      partition,
      place: `${topic}/${partition}`,
      messages: isAll ? messages : messages.slice(from, to),
    });
    from = to;
  }
  return runs;
};
