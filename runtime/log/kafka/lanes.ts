import type { KafkaConnection } from '../../kafka/connection.ts';
import { slots } from '../../slots.ts';
import { type KafkaLogOptions, maxRecordBytesOf } from './kafka-log-options.ts';
import { ForewarnError } from '../../forewarn-error.ts';
import { HEARD, type KafkaNames } from './kafka-names.ts';
import { Lane, type LaneOptions } from './lane.ts';

export interface LanesOptions
  extends
    Pick<KafkaLogOptions, 'laneOf' | 'maxRecordBytes' | 'sharing'>,
    Pick<LaneOptions, 'committedEpoch' | 'note'> {
  readonly connection: KafkaConnection;
  readonly names: KafkaNames;
}

const COMMITS_AT_ONCE = 2;
/**
 * How long a transaction may be open. What a dead process left so holds back whoever starts. Who has its id ends it sooner, but who dies in
 * its first commit has told nobody of that one.
 */
const MOST_OPEN_MS = 10_000;

/**
 * The lane in which each producer commits, made when it is first asked for. What comes from outside has its own. Where
 * processes share a line there is one lane a partition number for all that belongs to it, and only for those that are taken.
 */
export class Lanes {
  readonly #options: LanesOptions;
  readonly #lanes = new Map<string, Lane>();
  readonly #slots = slots(COMMITS_AT_ONCE);

  constructor(options: LanesOptions) {
    this.#options = options;
  }

  of(producer: string): Lane {
    const { sharing, laneOf } = this.#options;
    if (sharing === undefined || producer === HEARD)
      return this.#made(producer === HEARD ? HEARD : (laneOf?.(producer) ?? producer));
    const number = sharing.numberOf(producer);
    const lane = this.#lanes.get(laneOfNumber(number));
    // To make it would take the number from whoever has it.
    if (lane === undefined) throw notTaken(producer, number);
    return lane;
  }

  /** Fences whoever had a partition number. */
  async take(number: number): Promise<void> {
    if (number === 0) await this.#fenceTheOnly();
    await this.#made(laneOfNumber(number)).claim();
  }

  /** Ends what is under way as a number; nothing is committed as it any more. */
  async give(number: number): Promise<void> {
    const name = laneOfNumber(number);
    const lane = this.#lanes.get(name);
    this.#lanes.delete(name);
    await lane?.close(notTaken(`what was under way as ${name}`, number));
  }

  /** A process that does not share, and takes itself for the only one, must not hear anything any more. */
  async #fenceTheOnly(): Promise<void> {
    const lane = this.#made(HEARD);
    await lane.claim();
    this.#lanes.delete(HEARD);
    await lane.close();
  }

  #made(name: string): Lane {
    const { connection, names, committedEpoch, note } = this.#options;
    let lane = this.#lanes.get(name);
    if (lane === undefined) {
      lane = new Lane({
        connection,
        id: names.transaction(name),
        settings: {
          'message.max.bytes': maxRecordBytesOf(this.#options) + (1 << 20),
          'transaction.timeout.ms': MOST_OPEN_MS,
        },
        // Where processes share the line another one may have the number by then.
        mayAgeMs: this.#options.sharing === undefined ? MOST_OPEN_MS : Infinity,
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

/** As a process that does not share calls it, which is fenced by that too. */
const laneOfNumber = (number: number): string => `task.${number}`;

const notTaken = (producer: string, number: number): ForewarnError =>
  new ForewarnError('FW614', `${producer}: partition number ${number} is not this process's any more`);
