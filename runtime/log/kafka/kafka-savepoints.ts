import { ForewarnError } from '../../forewarn-error.ts';
import type { KafkaConnection } from '../../kafka/connection.ts';
import type { Outgoing } from '../../kafka/outgoing.ts';
import { TransactionalProducer } from '../../kafka/transactional-producer.ts';
import type { Written } from '../../kafka/written.ts';
import { holderOf } from '../holders.ts';
import type { FilledTables, LogCut, ProducerAt, SavepointsOfLog } from '../log.ts';
import { isHeard, type KafkaNames } from './kafka-names.ts';
import type { KafkaRetention } from './kafka-retention.ts';
import type { KafkaView } from './kafka-view.ts';
import { holdsRecord } from './savepoint-notes.ts';
import type { TaskCommits } from './task-commits.ts';

export interface KafkaSavepointsOptions {
  readonly connection: KafkaConnection;
  readonly prefix: string;
  readonly names: KafkaNames;
  readonly view: KafkaView;
  readonly commits: TaskCommits;
  readonly retention: KafkaRetention;
  /** Processes share the line. */
  readonly isShared: boolean;
  readonly ends: () => ReadonlyMap<string, number>;
  readonly at: () => number;
}

/** What a log in Kafka knows of savepoints of its line. */
export class KafkaSavepoints implements SavepointsOfLog {
  readonly #options: KafkaSavepointsOptions;

  constructor(options: KafkaSavepointsOptions) {
    this.#options = options;
  }

  get generation(): number {
    return this.#options.view.generation;
  }

  get takenBackTo(): { readonly id: string; readonly name: string } | undefined {
    return this.#options.view.takenBack?.facts.savepoint;
  }

  get filled(): readonly FilledTables[] {
    return this.#options.view.takenBack?.facts.filled ?? [];
  }

  /** The log is as it was taken back to this savepoint: no task has committed since. */
  isAt(savepoint: string): boolean {
    return this.takenBackTo?.id === savepoint && !this.#options.view.hasGoneOn;
  }

  /** Transactions lie between each other in a partition, so offsets cut it only where none of a task is open. */
  async cut(): Promise<LogCut> {
    const { prefix, isShared, commits, ends, at } = this.#options;
    if (isShared)
      throw new ForewarnError(
        'FW322',
        `a savepoint of Kafka topics ${prefix}.* is made while none of the processes runs that share the line; stop them, then run forewarn savepoint create`,
      );
    return commits.atRest(() => ({ ends: ends(), at: at(), producers: this.#producers() }));
  }

  async keep(savepoint: string, holds: ReadonlyMap<string, number> | null): Promise<void> {
    const { connection, names, retention } = this.#options;
    await writeAtOnce(connection, names, [holdsRecord(names.heard, savepoint, holds)]);
    retention.keep(holderOf(savepoint), holds);
  }

  #producers(): Readonly<Record<string, ProducerAt>> {
    const { view } = this.#options;
    const tasks = [...view.producers()].filter((producer) => !isHeard(producer));
    return Object.fromEntries(
      tasks.map((producer): [string, ProducerAt] => {
        const mark = view.state(producer);
        const state =
          mark === null ? null : { at: mark.at, end: mark.end, from: mark.from, parts: mark.parts };
        const frontier = String(view.committedFrontier(producer));
        return [producer, { epoch: view.epoch(producer), frontier, state }];
      }),
    );
  }
}

/** In one transaction, by an id that is nobody else's. */
export const writeAtOnce = async (
  connection: KafkaConnection,
  names: KafkaNames,
  records: readonly Outgoing[],
  tail: (written: Written) => readonly Outgoing[] = () => [],
): Promise<void> => {
  const producer = await TransactionalProducer.open(connection, names.transaction('savepoints'), {
    'message.max.bytes': MOST_BYTES,
  });
  try {
    await producer.transact(records, tail);
  } finally {
    await producer.close();
  }
};

/** Of one record: what every topic of the log takes. */
const MOST_BYTES = 16 << 20;
