import type { DeliveryReport, KafkaError, Producer } from '@confluentinc/kafka-javascript';
import { DeliveryReports } from './delivery-reports.ts';
import type { Outgoing } from './outgoing.ts';

interface Flight {
  readonly offsets: number[];
  readonly delivered: () => void;
  readonly failed: (error: unknown) => void;
  open: number;
}

const FLUSH_WITHIN_MS = 2_000;

/** Hands a producer one group of records after the other, and waits until the broker has taken each of them. */
export class Deliveries {
  readonly #producer: Producer;
  readonly #reports: DeliveryReports;
  #flight: Flight | undefined;

  constructor(producer: Producer) {
    this.#producer = producer;
    this.#reports = new DeliveryReports(producer);
    producer.on('delivery-report', (error: KafkaError | null, report: DeliveryReport) =>
      this.#reported(error, report),
    );
    // The events that report deliveries come from a thread of the client: nothing polls.
    producer.setPollInBackground(true);
  }

  /** Answers the offsets of the records; rejects with the first that could not be delivered. */
  deliver(records: readonly Outgoing[]): Promise<readonly number[]> {
    if (records.length === 0) return Promise.resolve([]);
    return new Promise((resolve, reject) => {
      this.#reports.turn(true);
      const offsets = Array.from<number>({ length: records.length });
      const flight = { offsets, open: records.length, delivered: () => resolve(offsets), failed: reject };
      this.#flight = flight;
      records.forEach(({ topic, partition, value, key, headers }, index) => {
        this.#producer.produce(topic, partition, value, key, null, index, headers);
      });
      // What it answers does not matter: each record reports by itself.
      this.#producer.flush(FLUSH_WITHIN_MS, () => undefined);
    });
  }

  /** Takes records of which nothing is reported, not even that one has failed: that the end of the transaction says. */
  handOver(records: readonly Outgoing[]): void {
    this.#reports.turn(false);
    for (const { topic, partition, value, key, headers } of records)
      this.#producer.produce(topic, partition, value, key, null, undefined, headers);
  }

  /** Calls back when everything that was handed over has been delivered, or given up; with a time-out when it takes longer. */
  settle(timeoutMs: number, done: (error: KafkaError | null | undefined) => void): void {
    this.#producer.flush(timeoutMs, done);
  }

  /** Whoever waits for a group hears this; nothing is waited for any more. */
  giveUp(error?: Error): void {
    const flight = this.#flight;
    this.#flight = undefined;
    if (error !== undefined) flight?.failed(error);
  }

  #reported(error: KafkaError | null, { opaque, offset }: DeliveryReport): void {
    const flight = this.#flight;
    if (flight === undefined) return;
    if (error) {
      this.#flight = undefined;
      flight.failed(error);
      return;
    }
    flight.offsets[Number(opaque)] = offset;
    flight.open -= 1;
    if (flight.open > 0) return;
    this.#flight = undefined;
    flight.delivered();
  }
}
