import { describe, expect, it } from 'vitest';
import { createTurns } from '../../runtime/turns.ts';

describe('turns', () => {
  it('gives one turn at a time, in the order in which they were asked for', async () => {
    const turn = createTurns();
    const order: string[] = [];
    const busy = async (name: string): Promise<void> => {
      for (let nth = 1; nth <= 3; nth += 1) {
        await turn();
        order.push(`${name}${nth}`);
      }
    };
    await Promise.all([busy('a'), busy('b'), busy('c')]);
    expect(order.join(' ')).toBe('a1 b1 c1 a2 b2 c2 a3 b3 c3');
  });

  it('lets the event loop serve others between any two turns', async () => {
    const turn = createTurns();
    const order: string[] = [];
    let wanted = true;
    const other = (): void => {
      order.push('other');
      if (wanted) setImmediate(other);
    };
    setImmediate(other);
    const busy = async (name: string): Promise<void> => {
      await turn();
      order.push(name);
    };
    await Promise.all([busy('a'), busy('b'), busy('c')]);
    wanted = false;
    expect(order.join(' ')).not.toMatch(/a b|b c/);
  });
});
