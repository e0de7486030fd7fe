import { partitionsByTopic } from '../../pipelines/topics.ts';
import { ForewarnError } from '../forewarn-error.ts';
import type { LineLog } from '../log/log.ts';
import { partitionNumbers } from '../log/partition-numbers.ts';
import { historyOf } from './history.ts';

export interface RehearOptions {
  /** What has heard it; nothing is written there. */
  readonly from: LineLog;
  /** New and empty, and its time is what records say. */
  readonly to: LineLog;
  /** For people: `Kafka topics forewarn.*`. */
  readonly places: { readonly from: string; readonly to: string };
  /** History that is gone is done without, and so is the state that was made of it. */
  readonly allowLoss: boolean;
}

export interface Reheard {
  readonly records: number;
  /** Log time of the last. */
  readonly until: number;
}

const AT_ONCE = 500;

/**
 * Lets a new log hear all that another one has heard from outside, documents, decisions, answers and rules, each at the log
 * time at which it was heard. Whoever starts on it makes state and rows anew, in as many partitions as it has; what was tried
 * to send comes along, so that nothing is sent twice. Guarantee: once, into a log that was empty; one that holds something is
 * FW324, also where an earlier attempt was broken off.
 */
export const rehear = async ({ from, to, places, allowLoss }: RehearOptions): Promise<Reheard> => {
  const topics = Object.keys(partitionsByTopic(1)).filter((topic) => !topic.startsWith('~'));
  for (const topic of topics) {
    const held = partitionNumbers(to, topic).some((partition) => to.end(topic, partition) > 0);
    if (held)
      throw new ForewarnError(
        'FW324',
        `${places.to}: topic "${topic}" holds records; give another log.kafka.prefix`,
      );
    const cut = partitionNumbers(from, topic).find((partition) => from.begin(topic, partition) > 0);
    if (cut !== undefined && !allowLoss)
      throw new ForewarnError(
        'FW407',
        `${places.from}: what topic "${topic}" held before offset ${from.begin(topic, cut)} of partition ${cut} is dropped, and state was made of it; do without it with --allow-loss`,
      );
  }
  let records = 0;
  let until = 0;
  let pending: Promise<unknown>[] = [];
  for await (const { topic, heardAt, key, headers, value } of historyOf(from, Infinity, topics)) {
    const { documentId, ...others } = headers;
    const options = { heardAt, ...(documentId === undefined ? {} : { documentId }) };
    pending.push(to.append(topic, { key, value, headers: others }, options));
    records += 1;
    until = heardAt;
    if (pending.length < AT_ONCE) continue;
    await Promise.all(pending);
    pending = [];
  }
  await Promise.all(pending);
  return { records, until };
};
