import { afterEach, describe, expect, it } from 'vitest';
import { KafkaLog } from '../../runtime/log/kafka/kafka-log.ts';
import { until } from '../support/until.ts';
import { brokers, freshPrefix, kafkaMissing } from './support/kafka.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const record = (key: string) => ({ key, value: bytes(key) });

describe.skipIf(kafkaMissing !== undefined)('a log in Kafka that processes share', () => {
  const opened: KafkaLog[] = [];
  const fenced: string[] = [];
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((log) => log.close()));
    fenced.length = 0;
  });

  const open = async (prefix: string, name: string): Promise<KafkaLog> => {
    const log = await KafkaLog.open({
      brokers,
      prefix,
      topics: { raw: 2, rows: 2 },
      time: 'recorded',
      sharing: {
        member: '',
        numbers: 2,
        numberOf: (producer) => Number(/\/(\d+)$/.exec(producer)?.[1] ?? 0),
        onFenced: (number) => void fenced.push(`${name} ${number}`),
      },
    });
    opened.push(log);
    return log;
  };

  it('stands still until each number has a process, and then goes on with what any of them hears', async () => {
    const prefix = freshPrefix();
    const [one, other] = await Promise.all([open(prefix, 'one'), open(prefix, 'other')]);
    await expect(one.append('raw', record('a'), { heardAt: 5 })).rejects.toMatchObject({ code: 'FW310' });
    await one.numbers!.take(0);
    await one.append('raw', record('a'), { heardAt: 10 });
    expect([one.frontier('external/0'), one.closedUntil]).toEqual([10, 0]);
    await other.numbers!.take(1);
    // Nothing comes from the other, and it follows.
    await until('both are at 10', () => one.closedUntil === 10 && other.closedUntil === 10);
    await other.append('raw', record('a'), { heardAt: 20 });
    await until('both are at 20', () => one.closedUntil === 20 && other.closedUntil === 20);
    const partition = one.partitionFor('raw', 'a');
    for (const log of [one, other])
      expect(
        (await log.read('raw', partition, 0)).map(({ heardAt, producer, stamper }) => [
          heardAt,
          producer,
          stamper,
        ]),
      ).toEqual([
        [10, 'external', 'external/0'],
        [20, 'external', 'external/1'],
      ]);
  });

  it('lets a number go from one to the other, with what was committed as it', async () => {
    const prefix = freshPrefix();
    const [one, other] = await Promise.all([open(prefix, 'one'), open(prefix, 'other')]);
    await one.numbers!.take(0);
    await one.numbers!.take(1);
    const commit = (epoch: number) => ({
      producer: 'watch/1',
      epoch,
      frontier: epoch * 10,
      writes: [{ topic: 'rows', partition: 1, records: [{ ...record(`r${epoch}`), heardAt: epoch * 10 }] }],
      state: bytes(`s${epoch}`),
    });
    await one.commit(commit(1));
    one.publishFrontier('watch/1', 15);
    await until('the other knows that it came so far', () => other.frontier('watch/1') === 15);
    await expect(other.commit(commit(2))).rejects.toMatchObject({ code: 'FW614' });
    await one.numbers!.give(1);
    await expect(one.commit(commit(2))).rejects.toMatchObject({ code: 'FW614' });
    await other.numbers!.take(1);
    expect(other.epoch('watch/1')).toBe(1);
    await other.commit(commit(2));
    await until('it has come to the first', () => one.frontier('watch/1') === 20);
    expect((await one.read('rows', 1, 0)).map(({ key }) => key)).toEqual(['r1', 'r2']);
    expect(
      [...(await one.lastStates('watch/')).values()].map((state) => Buffer.from(state).toString()),
    ).toEqual(['s2']);
    await other.numbers!.give(1);
    await one.numbers!.take(1);
    await one.commit(commit(3));
    expect(one.epoch('watch/1')).toBe(3);
    expect(fenced).toEqual([]);
  });

  it('tells one that comes later how far idle tasks have come, though time stands still', async () => {
    const prefix = freshPrefix();
    const one = await open(prefix, 'one');
    await one.numbers!.take(0);
    await one.numbers!.take(1);
    await one.commit({ producer: 'watch/1', epoch: 1, frontier: 10, writes: [] });
    one.publishFrontier('watch/1', 15);
    await until('it has been told once', () => one.frontier('watch/1') === 15);
    const late = await open(prefix, 'late');
    await until('the late one knows', () => late.frontier('watch/1') === 15);
  });

  it('tells it also where that had been told by a process that is gone', async () => {
    const prefix = freshPrefix();
    const [one, heir] = await Promise.all([open(prefix, 'one'), open(prefix, 'heir')]);
    await one.numbers!.take(0);
    await one.numbers!.take(1);
    await one.commit({ producer: 'watch/1', epoch: 1, frontier: 10, writes: [] });
    one.publishFrontier('watch/1', 15);
    await until('the heir has been told', () => heir.frontier('watch/1') === 15);
    await one.close();
    await heir.numbers!.take(1);
    // The task comes as far there as it had come, which is no news to anybody.
    heir.publishFrontier('watch/1', 15);
    const late = await open(prefix, 'late');
    await until('the late one knows', () => late.frontier('watch/1') === 15);
  });

  it('counts nothing of a process whose number was taken, neither records nor time', async () => {
    const prefix = freshPrefix();
    const [zombie, other] = await Promise.all([open(prefix, 'zombie'), open(prefix, 'other')]);
    await zombie.numbers!.take(0);
    await zombie.numbers!.take(1);
    await zombie.append('raw', record('a'), { heardAt: 10 });
    await other.numbers!.take(0);
    await other.append('raw', record('a'), { heardAt: 20 });
    // It still has 1, and follows for that; for 0 it says nothing that counts.
    await until('time goes on', () => other.closedUntil === 20 && zombie.closedUntil === 20);
    expect(fenced).toEqual(['zombie 0']);
    // By the number that it has left it goes on.
    await zombie.append('raw', record('a'), { heardAt: 40 });
    await until('both follow', () => other.closedUntil === 40 && zombie.closedUntil === 40);
    const read = await other.read('raw', other.partitionFor('raw', 'a'), 0);
    expect(read.map(({ heardAt, stamper }) => [heardAt, stamper])).toEqual([
      [10, 'external/0'],
      [20, 'external/0'],
      [40, 'external/1'],
    ]);
  });

  it('comes back with all that was heard when all processes have ended', async () => {
    const prefix = freshPrefix();
    const first = await open(prefix, 'first');
    await first.numbers!.take(0);
    await first.numbers!.take(1);
    await first.append('raw', record('a'), { heardAt: 10, documentId: 'd1' });
    await first.close();
    const second = await open(prefix, 'second');
    await second.numbers!.take(1);
    await second.numbers!.take(0);
    expect(second.closedUntil).toBe(10);
    const again = await second.append('raw', record('a'), { heardAt: 12, documentId: 'd1' });
    expect(again).toMatchObject({ duplicate: true, heardAt: 10 });
  });

  it('drops history where number 0 is, once nobody needs it by what each process says', async () => {
    const prefix = freshPrefix();
    const [lead, other] = await Promise.all([open(prefix, 'lead'), open(prefix, 'other')]);
    await lead.numbers!.take(0);
    await other.numbers!.take(1);
    let last = { partition: 0, offset: 0 };
    for (let at = 1; at <= 20; at++) last = await lead.append('raw', record('a'), { heardAt: at });
    const place = `raw/${last.partition}`;
    lead.hold('watch/0', new Map([[place, last.offset]]));
    await lead.retain(0);
    // Of the other nothing is known.
    expect(lead.begin('raw', last.partition)).toBe(0);
    const middle = (await lead.read('raw', last.partition, 0))[9]!.offset;
    other.hold('watch/1', new Map([[place, middle]]));
    await until('the lead has dropped what neither needs', async () => {
      await lead.retain(0);
      return lead.begin('raw', last.partition) > 0;
    });
    expect(lead.begin('raw', last.partition)).toBe(middle);
    await until('the other knows where the log begins', async () => {
      other.hold('watch/1', new Map([[place, middle]]));
      lead.hold('watch/0', new Map([[place, last.offset]]));
      await lead.retain(0);
      return other.begin('raw', last.partition) === middle;
    });
    expect((await other.read('raw', last.partition, middle)).map(({ heardAt }) => heardAt)[0]).toBe(10);
  });
});
