import { describe, expect, it } from 'vitest';
import { BytesInFlight } from '../../../runtime/log/port/bytes-in-flight.ts';

/** Begins work of these sizes; tells which have begun, and ends one. */
const works = (most: number, sizes: readonly number[]) => {
  const flight = new BytesInFlight(most);
  const begun: number[] = [];
  const ends = new Map<number, (how: 'well' | 'badly') => void>();
  const all = sizes.map((size, nth) =>
    flight
      .run(size, () => {
        begun.push(nth);
        return new Promise<void>((resolve, reject) =>
          ends.set(nth, (how) => (how === 'well' ? resolve() : reject(new Error('badly')))),
        );
      })
      .catch(() => undefined),
  );
  const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
  return {
    flight,
    begun: async () => {
      await settle();
      return begun;
    },
    end: (nth: number, how: 'well' | 'badly' = 'well') => ends.get(nth)!(how),
    all,
  };
};

describe('bytes in flight', () => {
  it('keep a later one waiting until there is room, in the order of coming', async () => {
    const { flight, begun, end, all } = works(10, [6, 5, 1]);
    expect(await begun()).toEqual([0]);
    expect(flight.bytes).toBe(6);
    end(0);
    expect(await begun()).toEqual([0, 1, 2]);
    end(1);
    end(2);
    await Promise.all(all);
    expect(flight.bytes).toBe(0);
  });

  it('may be more than that of one alone', async () => {
    const { begun, end, all } = works(10, [99, 1]);
    expect(await begun()).toEqual([0]);
    end(0);
    expect(await begun()).toEqual([0, 1]);
    end(1);
    await Promise.all(all);
  });

  it('are given back by what failed too', async () => {
    const { begun, end, all } = works(10, [9, 9]);
    end(0, 'badly');
    expect(await begun()).toEqual([0, 1]);
    end(1, 'badly');
    await Promise.all(all);
  });
});
