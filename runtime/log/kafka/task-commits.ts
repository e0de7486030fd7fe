import type { Commit, Committed } from '../log.ts';
import { stateTopic } from '../state-topic.ts';
import type { KafkaNames } from './kafka-names.ts';
import type { KafkaReader } from './kafka-reader.ts';
import type { KafkaRetention } from './kafka-retention.ts';
import { toKafka } from './kafka-record.ts';
import type { KafkaView } from './kafka-view.ts';
import { overtaken } from './lane.ts';
import type { Lanes } from './lanes.ts';
import { endsOf, markerRecord } from './marker.ts';
import { StateChangelog, stateRecords } from './state-changelog.ts';

export interface TaskCommitsOptions {
  readonly names: KafkaNames;
  readonly view: KafkaView;
  readonly reader: KafkaReader;
  readonly lanes: Lanes;
  /** Is told what records weigh: nobody here may read them. */
  readonly retention: KafkaRetention;
}

/**
 * The commits of the tasks of this process: state, rows and marker in one transaction, with which goes what deletes states
 * that nobody needs any more. A task that another process has taken over commits nothing here until it is claimed.
 */
export class TaskCommits {
  readonly #options: TaskCommitsOptions;
  readonly #changelog = new StateChangelog();
  /** Up to which epoch the commits of a producer are known to be this process's, or of before it took over. */
  readonly #ours = new Map<string, number>();
  readonly #underWay = new Set<Promise<unknown>>();
  /** While the log is looked at that must not change: commits wait for its end, in their order. */
  #rest: Promise<void> | undefined;

  constructor(options: TaskCommitsOptions) {
    this.#options = options;
  }

  /** What the producer has committed up to this epoch is what this process goes on from. */
  goOnFrom(producer: string, epoch: number): void {
    this.#ours.set(producer, epoch);
  }

  /** Takes the producer over from whoever was it before. */
  async claim(producer: string): Promise<void> {
    const { view, reader, lanes } = this.#options;
    await lanes.of(producer).claim();
    const epoch = await reader.committedEpoch(producer);
    await reader.until(() => view.epoch(producer) >= epoch);
    this.goOnFrom(producer, epoch);
  }

  /** The same of a producer whose lane this process has just taken, once all that was committed before has been read. */
  takeOver(producer: string): void {
    this.#changelog.forget(producer);
    this.goOnFrom(producer, this.#options.view.epoch(producer));
  }

  /** Resolves when it has come back through the reader. */
  async commit(commit: Commit): Promise<Committed> {
    if (this.#rest !== undefined) await this.#rest;
    const committed = this.#commit(commit);
    this.#underWay.add(committed);
    try {
      return await committed;
    } finally {
      this.#underWay.delete(committed);
    }
  }

  /** Looks at the log while no task has written anything of which its marker does not tell. */
  async atRest<T>(look: () => T): Promise<T> {
    while (this.#rest !== undefined) await this.#rest;
    let end = (): void => undefined;
    const rest = new Promise<void>((resolve) => (end = resolve));
    this.#rest = rest;
    try {
      await Promise.allSettled(this.#underWay);
      return look();
    } finally {
      end();
      // Behind those that have waited, so that nobody overtakes them.
      void rest.then(() => (this.#rest = undefined));
    }
  }

  async #commit({ producer, epoch, frontier, writes, state, isWhole }: Commit): Promise<Committed> {
    const { names, view, reader, lanes, retention } = this.#options;
    const last = view.epoch(producer);
    // What another process has committed must not be taken for this one's.
    if (last > (this.#ours.get(producer) ?? 0)) throw overtaken(producer, last);
    if (epoch <= last) return { stateEnd: view.state(producer)?.end ?? 0 };
    this.goOnFrom(producer, epoch);
    this.#changelog.begin(producer, last, view.state(producer));
    const rows = writes.flatMap(({ topic, partition, records }) =>
      toKafka(records, { topic: names.topic(topic), partition, writer: producer }),
    );
    const states =
      state === undefined ? [] : stateRecords(names.state, { producer, epoch, heardAt: frontier }, state);
    let committed: Committed = { stateEnd: 0 };
    await lanes.of(producer).commit({
      producer,
      epoch,
      records: [...states, ...rows, ...this.#changelog.tombstones(names.state, producer)],
      marker: ({ offsets, ends: reached }) => {
        const written =
          states.length === 0
            ? null
            : { at: offsets[0]!, end: offsets[states.length - 1]! + 1, parts: states.length };
        const mark = this.#changelog.wrote(producer, epoch, written);
        committed = { stateEnd: mark?.end ?? 0 };
        const ends = endsOf(rows, reached);
        const marker = { producer, epoch, frontier, ends, state: mark, documents: [] };
        return markerRecord(names.commits, producer, marker);
      },
    });
    for (const { topic, partition, records: own } of writes) {
      const bytes = own.reduce((sum, { value }) => sum + value.length, 0);
      retention.saw(`${names.topic(topic)}/${partition}`, own.length, bytes);
    }
    await reader.until(() => view.epoch(producer) >= epoch);
    // A savepoint may need one of those before.
    if (isWhole === true) this.needFrom(producer, retention.firstHeld(`${stateTopic(producer)}/0`));
    return committed;
  }

  /** Nobody reads the states of a producer below this offset: the next commit deletes them. */
  needFrom(producer: string, offset: number): void {
    this.#changelog.needFrom(producer, offset);
  }
}
