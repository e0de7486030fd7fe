import { ForewarnError } from '../forewarn-error.ts';
import { partitionOf } from './partitioner.ts';

/** The topics of a log and their partitions, as they were configured; there are no others. */
export class ConfiguredTopics {
  readonly #partitions: Readonly<Record<string, number>>;

  constructor(partitions: Readonly<Record<string, number>>) {
    this.#partitions = partitions;
  }

  /** Throws FW303 for a topic that is not one of them. */
  partitionsOf(topic: string): number {
    const partitions = this.#partitions[topic];
    if (partitions === undefined)
      throw new ForewarnError('FW303', `topic "${topic}" is not one of the configured topics`);
    return partitions;
  }

  /** Where a key lies. */
  partitionFor(topic: string, key: string): number {
    return partitionOf(key, this.partitionsOf(topic));
  }
}
