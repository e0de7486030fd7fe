import { describe, expect, it } from 'vitest';
import { numberWork } from '../../../../runtime/wire/sharing/number-work.ts';

/** A process of a line whose parts only say what they were told; `fails` is what cannot be done. */
const process = (fails = '') => {
  const said: string[] = [];
  const holds = new Map<string, ReadonlyMap<string, number>>();
  const does =
    (what: string) =>
    async (number: number | readonly number[]): Promise<void> => {
      said.push(`${what} ${String(number)}`);
      if (what === fails) throw new Error(`cannot ${what}`);
      await Promise.resolve();
    };
  const work = numberWork({
    numbers: { count: 2, take: does('take'), give: does('give'), members: () => [] } as never,
    log: {
      ends: () => new Map([['raw/0', 70]]),
      hold: (reader, offsets) => {
        holds.set(reader, offsets);
        said.push(`hold ${reader} ${[...offsets].join()}`);
      },
    },
    engine: {
      take: does('tasks begin'),
      give: does('tasks end'),
      drop: does('tasks drop'),
      producers: ['watch/0', 'watch/1'],
    } as never,
    storage: { take: does('tables begin'), mirror: { give: does('tables end') } } as never,
    sources: { take: does('sources begin'), give: does('sources end') } as never,
    sinks: {
      take: (number) => void said.push(`sinks begin ${number}`),
      give: does('sinks end'),
      letGo: (number) => void said.push(`sinks let go ${number}`),
      stop: () => Promise.resolve(),
    },
    tellNeeds: () => void said.push('tell needs'),
    lead: { begin: does('-'), start: does('-'), stop: does('-') } as never,
    definition: { take: does('definition') } as never,
  });
  return { said, holds, work };
};

describe('a partition number', () => {
  it('needs all of the log from its claim until those who begin with it say what they need', async () => {
    const { said, work } = process();
    await work.take(1);
    expect(said).toEqual([
      'hold taking/1 raw/0,0',
      'take 1',
      'definition 1',
      'tasks begin 1',
      'tables begin 1',
      'sinks begin 1',
      'sources begin 1',
      'tell needs',
      'hold taking/1 ',
    ]);
  });

  it('needs nothing here any more when it is given, and only then', async () => {
    const { said, work } = process();
    await work.give(1);
    expect(said).toEqual([
      'sources end 1',
      'sinks end 1',
      'tables end 1',
      'tasks end 1',
      'give 1',
      'hold taking/1 ',
      'hold watch/1 ',
      'sinks let go 1',
    ]);
  });

  it('that could not be taken holds nothing once it is dropped', async () => {
    const { holds, work } = process('tasks begin');
    await expect(work.take(1)).rejects.toThrow('cannot tasks begin');
    expect(holds.get('taking/1')?.size).toBe(1);
    await work.drop(1);
    expect(holds.get('taking/1')?.size).toBe(0);
  });
});
