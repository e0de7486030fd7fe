import type { KafkaMessage } from '@confluentinc/kafka-javascript';
import { describe, expect, it } from 'vitest';
import type { Place, Pulled } from '../../../../runtime/kafka/pull-consumer.ts';
import { type ColdRange, ColdSeat } from '../../../../runtime/log/kafka/cold-seat.ts';
import { LeftOutOf } from '../../../../runtime/log/kafka/taken-back.ts';
import { until } from '../../../support/until.ts';

const VALUE = Buffer.alloc(1 << 20);

/** Brings one record a call, of wherever it was sent; a call that was begun ends when the test says so. */
class SlowConsumer {
  #place: Place | undefined;
  #open: (() => void) | undefined;
  readonly assigned: readonly Place[][] = [];
  isFree = true;
  pulls = 0;
  writer = 'external';

  assign(places: readonly Place[]): void {
    (this.assigned as Place[][]).push([...places]);
    this.#place = places[0];
  }

  async pull(): Promise<Pulled> {
    this.pulls += 1;
    const place = this.#place;
    if (!this.isFree) await new Promise<void>((resolve) => (this.#open = resolve));
    if (place === undefined) return { messages: [], ends: [] };
    if (this.#place === place) this.#place = { ...place, offset: place.offset + 1 };
    const headers = [{ 'fw-heard': `0 ${this.writer}` }];
    const message = { ...place, value: VALUE, key: null, size: VALUE.length, timestamp: 0, headers };
    return { messages: [message as unknown as KafkaMessage], ends: [] };
  }

  end(): void {
    this.#open?.();
  }

  async close(): Promise<void> {}
}

const seatOn = (consumer: SlowConsumer): ColdSeat =>
  new ColdSeat({ consumer, patienceMs: 5_000, onFetched: () => undefined });

const range = (topic: string, from: number): ColdRange => ({
  topic,
  partition: 0,
  from,
  end: 1_000,
  maxBytes: 1,
});

describe('a seat that reads history', () => {
  it('reads ahead while nobody asks, as far as its memory goes', async () => {
    const consumer = new SlowConsumer();
    const seat = seatOn(consumer);
    expect((await seat.read(range('a', 5))).map(({ offset }) => offset)).toEqual([5]);
    // Four records of 1 MiB are past four with what each takes beside.
    await until('read ahead', () => consumer.pulls === 5);
    expect((await seat.read(range('a', 6))).map(({ offset }) => offset)).toEqual([6]);
    await until('read further', () => consumer.pulls === 6);
    expect(consumer.assigned).toEqual([[{ topic: 'a', partition: 0, offset: 5 }]]);
  });

  it('does not take what was on its way from where it was for what is where it goes', async () => {
    const consumer = new SlowConsumer();
    const seat = seatOn(consumer);
    await seat.read(range('a', 5));
    await until('read ahead', () => consumer.pulls === 5);
    consumer.isFree = false;
    await seat.read(range('a', 6));
    await until('another call', () => consumer.pulls === 6);
    const there = seat.read(range('a', 100));
    consumer.isFree = true;
    consumer.end();
    expect((await there).map(({ offset }) => offset)).toEqual([100]);
    expect(seat.isAt({ topic: 'a', partition: 0, from: 101 })).toBe(true);
  });

  it('asks for nothing more at its end, and when it is left', async () => {
    const consumer = new SlowConsumer();
    const seat = seatOn(consumer);
    await seat.read({ ...range('a', 5), end: 6 });
    expect(consumer.assigned.at(-1)).toEqual([]);
    expect(consumer.pulls).toBe(1);
    await seat.read(range('b', 5));
    seat.leave();
    await until('at rest', () => consumer.assigned.at(-1)?.length === 0);
    const { pulls } = consumer;
    await seat.read({ ...range('c', 7), end: 8 });
    expect(consumer.pulls).toBe(pulls + 1);
  });

  it('refuses once it is closed', async () => {
    const seat = seatOn(new SlowConsumer());
    await seat.close();
    await expect(seat.read(range('a', 5))).rejects.toThrow(/^FW304/);
  });

  it('goes on until there is a record that is not left out', async () => {
    const consumer = new SlowConsumer();
    const kept = { place: 'a/0', from: 5, until: 40, kept: 5, generation: 1 };
    const seat = new ColdSeat({
      consumer,
      patienceMs: 5_000,
      onFetched: () => undefined,
      leftOutOf: (place) => (place === 'a/0' ? new LeftOutOf([kept]) : undefined),
    });
    // What nobody says who wrote came from outside.
    consumer.writer = 'watch/0';
    expect((await seat.read(range('a', 3))).map(({ offset }) => offset)).toEqual([3]);
    expect((await seat.read(range('a', 4))).map(({ offset }) => offset)).toEqual([4]);
    expect((await seat.read(range('a', 5))).map(({ offset }) => offset)).toEqual([40]);
    expect((await seat.read(range('b', 5))).map(({ offset }) => offset)).toEqual([5]);
  });
});
