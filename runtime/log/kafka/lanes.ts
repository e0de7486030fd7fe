import type { KafkaConnection } from '../../kafka/connection.ts';
import { type KafkaLogOptions, maxRecordBytesOf } from './kafka-log-options.ts';
import { HEARD, type KafkaNames } from './kafka-names.ts';
import { Lane, type LaneOptions, Slots } from './lane.ts';

export interface LanesOptions
  extends Pick<KafkaLogOptions, 'laneOf' | 'maxRecordBytes'>, Pick<LaneOptions, 'committedEpoch' | 'note'> {
  readonly connection: KafkaConnection;
  readonly names: KafkaNames;
}

const COMMITS_AT_ONCE = 2;

/** The lane in which each producer commits, made when it is first asked for. What comes from outside has its own. */
export class Lanes {
  readonly #options: LanesOptions;
  readonly #lanes = new Map<string, Lane>();
  readonly #slots = new Slots(COMMITS_AT_ONCE);

  constructor(options: LanesOptions) {
    this.#options = options;
  }

  of(producer: string): Lane {
    const { connection, names, laneOf, committedEpoch, note } = this.#options;
    const name = producer === HEARD ? HEARD : (laneOf?.(producer) ?? producer);
    let lane = this.#lanes.get(name);
    if (lane === undefined) {
      lane = new Lane({
        connection,
        id: names.transaction(name),
        settings: { 'message.max.bytes': maxRecordBytesOf(this.#options) + (1 << 20) },
        slots: this.#slots,
        committedEpoch,
        note,
      });
      this.#lanes.set(name, lane);
    }
    return lane;
  }

  async close(): Promise<void> {
    await Promise.all([...this.#lanes.values()].map((lane) => lane.close()));
  }
}
