import type { Clock } from '../../clock.ts';
import type { PlainProducer } from '../../kafka/plain-producer.ts';
import type { LogTime } from '../log-time.ts';
import { heardBy, type KafkaNames } from './kafka-names.ts';
import type { KafkaRetention } from './kafka-retention.ts';
import type { KafkaView } from './kafka-view.ts';
import { needsValue, type Promised, promisesValue, tickValue } from './marker.ts';
import type { Owned } from './owned.ts';

export interface SharedTimeOptions {
  readonly names: KafkaNames;
  readonly view: KafkaView;
  readonly owned: Owned;
  readonly time: LogTime;
  readonly retention: KafkaRetention;
  readonly producer: PlainProducer;
  /** Something is being stamped, and is not durable yet: to say a time then would be too early. */
  readonly isStamping: () => boolean;
}

const EVERY_MS = 50;
/** All that idle tasks have come to, also what has not moved: recorded time may stand still for long while others begin. */
const ALL_EVERY_MS = 1_000;

/**
 * Tells the other processes, and this one by the same way, how late it is for the partition numbers that are here, how far
 * idle tasks have come, and what of the log is still needed here: at most twenty times a second, and only what has moved. Time never stands behind what has been
 * read of others: a number whose process hears nothing, or whose clock is slow, holds nobody back.
 */
export class SharedTime {
  readonly #options: SharedTimeOptions;
  #isLive = false;
  #timer: NodeJS.Timeout | undefined;
  #moved = new Map<string, Promised>();
  /** The last of each task that was ever here; it stays true wherever that runs now. */
  readonly #reached = new Map<string, Promised>();
  #allToldAt = 0;
  #needsMoved = false;

  constructor(options: SharedTimeOptions) {
    this.#options = options;
  }

  start(clockOf: ((last: number) => Clock) | 'recorded'): void {
    const { time } = this.#options;
    if (clockOf !== 'recorded') time.runOn(clockOf(time.last));
    this.#isLive = clockOf !== 'recorded';
    this.#timer = setInterval(() => this.#tell(), EVERY_MS);
    this.#timer.unref();
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  /**
   * A task has come so far without a row. Where others know that already, from the process that had the task before, it is told all
   * the same from time to time: that process may be dead, and others may begin that have not heard it.
   */
  reached(promised: Promised, isNews: boolean): void {
    const { producer, frontier } = promised;
    if (!Number.isFinite(frontier) || frontier <= (this.#reached.get(producer)?.frontier ?? -Infinity))
      return;
    this.#reached.set(producer, promised);
    if (isNews) this.#moved.set(producer, promised);
  }

  /** Readers of this process need something else of the log than before. */
  needsMoved(): void {
    this.#needsMoved = true;
  }

  #tell(): void {
    const { names, producer } = this.#options;
    this.#tellTime();
    this.#tellNeeds();
    const now = performance.now();
    const tellsAll = now - this.#allToldAt >= ALL_EVERY_MS;
    const promises = [...(tellsAll ? this.#reached : this.#moved).values()];
    if (tellsAll) this.#allToldAt = now;
    this.#moved = new Map();
    if (promises.length === 0) return;
    producer.send(names.frontiers, '', promisesValue(promises, this.#options.view.generation));
  }

  #tellNeeds(): void {
    const { names, owned, retention, producer } = this.#options;
    const { first, sharing } = owned;
    if (!this.#needsMoved || first === undefined) return;
    this.#needsMoved = false;
    const needs = {
      sharing,
      needs: retention.held(),
      begins: retention.begins(),
      weights: retention.weights(),
    };
    producer.send(names.heard, `needs/${first}`, needsValue(needs));
  }

  #tellTime(): void {
    const { names, view, owned, time, producer, isStamping } = this.#options;
    const { numbers } = owned;
    if (numbers.length === 0 || isStamping()) return;
    if (this.#isLive) time.saw(time.clock.now());
    const told = Math.min(...numbers.map((number) => view.frontier(heardBy(number))));
    // Also again what was lost on its way.
    if (told >= time.last) return;
    const tick = { sharing: owned.sharing, frontier: time.last };
    producer.send(names.heard, `told/${numbers[0]}`, tickValue(tick));
  }
}
