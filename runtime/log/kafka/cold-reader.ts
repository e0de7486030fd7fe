import { ForewarnError } from '../../forewarn-error.ts';
import type { KafkaConnection } from '../../kafka/connection.ts';
import { isLost, PullConsumer, TO_AN_END } from '../../kafka/pull-consumer.ts';
import { untilAnswered } from '../../kafka/until-answered.ts';
import type { LogRecord } from '../log.ts';
import { type ColdRange, ColdSeat } from './cold-seat.ts';
import type { Fetched } from './fetched.ts';
import { closed } from './log-end.ts';
import type { TakenBack } from './taken-back.ts';

/** Consumers of one process that read history. */
const SEATS = 3;
const AGAIN_AFTER_MS = 200;

/**
 * Reads what lies further back than memory goes. A reader that goes on where it stopped finds its consumer still there,
 * which has read ahead; for any other offset a consumer is sent there, which costs a round trip.
 */
export class ColdReader {
  readonly #connection: KafkaConnection;
  readonly #free: ColdSeat[] = [];
  readonly #waiting: (() => void)[] = [];
  readonly #patienceMs: number;
  readonly #fetched: Fetched;
  readonly #takenBack: () => TakenBack | undefined;
  #made = 0;
  #closed = false;

  /** What is there and does not come within `patienceMs` never will: FW609. */
  constructor(
    connection: KafkaConnection,
    patienceMs: number,
    fetched: Fetched,
    takenBack: () => TakenBack | undefined = () => undefined,
  ) {
    this.#connection = connection;
    this.#takenBack = takenBack;
    this.#fetched = fetched;
    this.#patienceMs = patienceMs;
  }

  /** Durable records of the range from its begin on, at most about `maxBytes`, at least one where there is one. */
  async read(range: ColdRange): Promise<readonly LogRecord[]> {
    if (range.from >= range.end) return [];
    const seat = await this.#take(range);
    try {
      return await seat.read(range);
    } catch (error) {
      seat.leave();
      throw isLost(error) ? lost(range, error) : error;
    } finally {
      if (this.#closed) await seat.close();
      else this.#free.push(seat);
      this.#waiting.shift()?.();
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all(this.#free.splice(0).map((seat) => seat.close()));
  }

  /** Undefined when the end has come meanwhile. */
  #opened(): Promise<PullConsumer | undefined> {
    // A request that waits at an end would hold back the next one for other records.
    return untilAnswered(() => PullConsumer.open(this.#connection, TO_AN_END), {
      isNeeded: () => !this.#closed,
      againAfterMs: AGAIN_AFTER_MS,
      // Who follows the ends says so.
      onAway: () => undefined,
    });
  }

  async #take(range: ColdRange): Promise<ColdSeat> {
    for (;;) {
      if (this.#closed) throw closed();
      const same = this.#free.findIndex((seat) => seat.isAt(range));
      if (same >= 0) return this.#free.splice(same, 1)[0]!;
      if (this.#made < SEATS) {
        this.#made += 1;
        try {
          const consumer = await this.#opened();
          if (consumer === undefined) throw closed();
          return new ColdSeat({
            consumer,
            patienceMs: this.#patienceMs,
            onFetched: (runs) => this.#fetched.count(runs),
            leftOutOf: (place) => this.#takenBack()?.of(place),
          });
        } catch (error) {
          this.#made -= 1;
          throw error;
        }
      }
      // The one that was used longest ago.
      const seat = this.#free.shift();
      if (seat !== undefined) return seat;
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
  }
}

const lost = ({ topic, partition, from }: ColdRange, cause: unknown): ForewarnError =>
  new ForewarnError(
    'FW301',
    `Kafka has dropped records of ${topic}/${partition} from offset ${from} on, and they are still needed; set the retention of the topic to -1, and start again with an empty prefix`,
    { cause },
  );
