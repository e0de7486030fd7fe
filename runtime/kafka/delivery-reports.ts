import type { Producer } from '@confluentinc/kafka-javascript';

/**
 * Reports of deliveries, which the client gives of all records or of none: each is an object with a copy of its key, and costs more than to
 * send the record. The client knows the switch only for when it connects and goes; it is turned between, and only while nothing
 * is under way. One that has it no more reports everything, which is slower and otherwise the same.
 */
export class DeliveryReports {
  readonly #producer: Producer;
  #areOn = true;

  constructor(producer: Producer) {
    this.#producer = producer;
  }

  turn(on: boolean): void {
    const { _client: client, _cb_configs: callbacks } = this.#producer;
    const report = callbacks?.event?.delivery_cb;
    if (on === this.#areOn || client?.configureCallbacks === undefined || report === undefined) return;
    client.configureCallbacks(on, { event: { delivery_cb: report } });
    this.#areOn = on;
  }
}
