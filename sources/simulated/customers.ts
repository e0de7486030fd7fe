import type { ContentsClass, Tier } from '../../domain/codes.ts';
import { Random } from './random.ts';

export interface Customer {
  readonly id: string;
  readonly tier: Tier;
  /** Share of all shipments, before normalising. */
  readonly weight: number;
  readonly contents: ContentsClass;
  readonly terms: {
    readonly graceMin?: number;
    readonly responseMin?: number;
    readonly resolutionMin?: number;
  };
}

const tierOf = (luck: number): Tier => (luck < 0.58 ? 'standard' : luck < 0.86 ? 'priority' : 'guaranteed');

/** Sixty customers: a few large, many small; every sixth has terms of its own. */
export const createCustomers = (seed: number, count = 60): readonly Customer[] => {
  const random = new Random(seed, 'customers');
  return Array.from({ length: count }, (_, i) => {
    const tier = tierOf(random.next());
    const luck = random.next();
    return {
      id: `cust-${String(i + 1).padStart(3, '0')}`,
      tier,
      weight: 1 / (i + 3),
      contents:
        luck < 0.72 ? 'general' : luck < 0.84 ? 'perishable' : luck < 0.93 ? 'high_value' : 'hazardous',
      terms:
        i % 6 === 0 ? { graceMin: random.pick([0, 15, 30, 60]), responseMin: random.pick([15, 30, 60]) } : {},
    };
  });
};

/** One tier up; a guaranteed customer stays. */
export const upgraded = (tier: Tier): Tier => (tier === 'standard' ? 'priority' : 'guaranteed');
