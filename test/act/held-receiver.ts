import type { Channel, SendOutcome } from '../../sinks/outbox/channel.ts';
import { refuses } from '../system/gated-receiver.ts';
import { spokenForBy } from './counting-receiver.ts';

/** What is known of one idempotency key. */
export interface KeyCount {
  deliveries: number;
  /** It recognises what it has seen: only the first delivery has an effect. */
  effects: number;
  readonly actions: readonly string[];
}

interface Held {
  readonly key: string;
  readonly shipmentId: string;
  readonly answer: (outcome: SendOutcome) => void;
}

/**
 * The receiver that outlives every process: it acts on a key once, counts what comes, and answers only when it is told
 * to. What a dead process has sent is answered by nobody.
 */
export class HeldReceiver {
  readonly counts = new Map<string, KeyCount>();
  /** Delivered once more although nobody died over it. */
  readonly repeated = new Set<string>();
  readonly #held = new Map<string, Held>();
  /** Sent, and perhaps answered, when somebody died: these may come again. */
  readonly #inDoubt = new Set<string>();
  readonly #answered = new Set<string>();

  readonly channel: Channel = {
    deduplicates: true,
    send: (dispatch) => {
      const { id: key, shipmentId } = dispatch;
      const count = this.counts.get(key) ?? { deliveries: 0, effects: 0, actions: spokenForBy(dispatch) };
      this.counts.set(key, count);
      if (count.deliveries === 0) count.effects += 1;
      else if (!this.#inDoubt.has(key)) this.repeated.add(key);
      count.deliveries += 1;
      return new Promise((answer) => this.#held.set(key, { key, shipmentId, answer }));
    },
  };

  get waiting(): number {
    return this.#held.size;
  }

  /** Answers what waits, one thing a shipment; false when nothing does. */
  answerOneEach(): boolean {
    const shipments = new Set<string>();
    const all = [...this.#held.values()].toSorted((a, b) => (a.key < b.key ? -1 : 1));
    for (const { key, shipmentId, answer } of all) {
      if (shipments.has(shipmentId)) continue;
      shipments.add(shipmentId);
      this.#held.delete(key);
      this.#answered.add(key);
      answer(refuses(key) ? { kind: 'refused', httpStatus: 422 } : { kind: 'sent', httpStatus: 200 });
    }
    return all.length > 0;
  }

  /** Everything answered so far has been written down. */
  rest(): void {
    this.#answered.clear();
    this.#inDoubt.clear();
  }

  /** Who sent is dead. */
  hangUp(): void {
    for (const key of [...this.#held.keys(), ...this.#answered]) this.#inDoubt.add(key);
    this.#held.clear();
  }
}
