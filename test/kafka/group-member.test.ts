import { afterEach, describe, expect, it, onTestFinished } from 'vitest';
import { connectKafka } from '../../runtime/kafka/connection.ts';
import { ensureTopics } from '../../runtime/kafka/ensure-topics.ts';
import { GroupMember } from '../../runtime/kafka/group-member.ts';
import { groupShares } from './support/group-shares.ts';
import { standbysOf } from '../../runtime/placement/standbys.ts';
import { until } from '../support/until.ts';
import { brokers, freshPrefix, kafkaMissing, sessionMs } from './support/kafka.ts';

describe.skipIf(kafkaMissing !== undefined)('a member of the group', () => {
  const members: GroupMember[] = [];
  /** At the end of a test nobody waits to let go. */
  let isOver = false;
  const waiting: (() => void)[] = [];
  afterEach(async () => {
    isOver = true;
    for (const acknowledge of waiting.splice(0)) acknowledge();
    await Promise.all(members.splice(0).map((member) => member.leave()));
    isOver = false;
  });

  const scene = async (partitions: number, { givesAtOnce = false } = {}) => {
    const topic = `${freshPrefix()}.tasks`;
    const connection = await connectKafka({ brokers });
    await ensureTopics(connection, [{ name: topic, partitions, config: {}, mend: '' }], 1);
    const join = async (name: string) => {
      const has = new Set<number>();
      const failures: string[] = [];
      /** Revocations that wait for the test. */
      const revoked: { readonly numbers: readonly number[]; readonly acknowledge: () => void }[] = [];
      const member = await GroupMember.join({
        connection,
        group: topic,
        member: name,
        topic,
        sessionMs,
        onAssigned: (numbers) => numbers.forEach((number) => has.add(number)),
        onRevoked: async (numbers) => {
          if (!isOver && !givesAtOnce)
            await new Promise<void>((acknowledge) => {
              revoked.push({ numbers, acknowledge });
              waiting.push(acknowledge);
            });
          for (const number of numbers) has.delete(number);
        },
        onLost: async (numbers) => numbers.forEach((number) => has.delete(number)),
        onFailure: (error) => failures.push(String(error)),
        note: () => undefined,
      });
      members.push(member);
      return { member, has, revoked, failures };
    };
    const admin = connection.admin();
    onTestFinished(() => admin.disconnect());
    return { join, shares: () => groupShares(admin, topic, topic) };
  };

  it('keeps what it is to give until it has given it, and goes on with the rest', async () => {
    const { join } = await scene(2);
    const one = await join('one');
    expect([...one.has].sort((a, b) => a - b)).toEqual([0, 1]);
    const joining = join('two');
    await until('one is asked for one of them', () => one.revoked.length === 1);
    expect(one.revoked[0]!.numbers.length).toBe(1);
    const two = await joining;
    // It has joined, and has nothing as long as the other has not let go.
    expect([one.has.size, two.has.size]).toEqual([2, 0]);
    one.revoked[0]!.acknowledge();
    await until('two has it', () => two.has.size === 1, 30_000);
    expect(one.has.size).toBe(1);
    expect([...one.has, ...two.has].sort((a, b) => a - b)).toEqual([0, 1]);
  });

  it('is a member too where nothing is left for it, and comes in when the other is gone', async () => {
    const { join } = await scene(1);
    const one = await join('one');
    const spare = await join('spare');
    expect([one.has.size, spare.has.size]).toEqual([1, 0]);
    const left = one.member.leave();
    await until('one gives what it has', () => one.revoked.length > 0 || one.has.size === 0);
    one.revoked[0]?.acknowledge();
    await left;
    await until('the spare has it', () => spare.has.has(0), 30_000);
  });

  it('ends with FW615 when another goes on joining under its name', async () => {
    const { join } = await scene(1);
    const one = await join('same');
    const again = await join('same');
    // Each may be taken for the other a few times before one gives way.
    const told = (): readonly string[] => [...one.failures, ...again.failures];
    await until('one of them has been told', () => told().length > 0, 60_000);
    expect(told()).toEqual([expect.stringMatching(/FW615 log.kafka.member "same"/)]);
    await until('the other has it', () => one.has.size + again.has.size === 1, 60_000);
  });

  it('gets what a dead one had as the standbys were told', async () => {
    const { join, shares } = await scene(6, { givesAtOnce: true });
    const all = new Map<string, Awaited<ReturnType<typeof join>>>();
    for (const name of ['one', 'two', 'three']) all.set(name, await join(name));
    await until(
      'each has two',
      async () => {
        const now = await shares();
        return now?.size === 3 && [...now.values()].every(({ length }) => length === 2);
      },
      60_000,
    );
    const before = (await shares())!;
    expect([...before.keys()].toSorted()).toEqual(['one', 'three', 'two']);
    await until('each knows what it has', () =>
      [...before].every(
        ([name, numbers]) =>
          numbers.length === all.get(name)!.has.size && numbers.every((one) => all.get(name)!.has.has(one)),
      ),
    );
    const standbys = standbysOf(before);
    await all.get('two')!.member.leave();
    const lost = before.get('two')!;
    await until(
      'its numbers run elsewhere',
      async () => {
        const now = await shares();
        return now !== undefined && !now.has('two') && [...now.values()].flat().length === 6;
      },
      60_000,
    );
    const now = (await shares())!;
    for (const number of lost) expect(now.get(standbys.get(number)!), `number ${number}`).toContain(number);
    // What did not have to move did not.
    for (const name of ['one', 'three'])
      expect(now.get(name)).toEqual(expect.arrayContaining([...before.get(name)!]));
  });
});
