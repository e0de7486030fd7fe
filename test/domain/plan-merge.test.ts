import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { followMerges, type PlanMerge } from '../../domain/plan-merge.ts';

const merge = (shipmentId: string, into: string | null, heardAt: number): PlanMerge => ({
  shipmentId,
  into,
  at: heardAt,
  heardAt,
  planId: `plan-${shipmentId}`,
  feed: 'tms',
});
const following = (...merges: readonly PlanMerge[]) => {
  const by = new Map(merges.map((one) => [one.shipmentId, one]));
  return (from: string) => followMerges(from, (shipmentId) => by.get(shipmentId));
};

describe('a chain of merges', () => {
  it('ends at the shipment that was merged into no other', () => {
    const follow = following(merge('A', 'B', 1), merge('B', 'C', 2), merge('C', null, 3));
    expect(['A', 'B', 'C', 'X'].map((from) => follow(from).shipmentId)).toEqual(['C', 'C', 'C', 'X']);
    expect(follow('A').loop).toEqual([]);
  });

  it('that comes back is cut at the merge that was heard last, wherever one begins', () => {
    const follow = following(
      merge('A', 'B', 1),
      merge('B', 'C', 5),
      merge('C', 'A', 3),
      merge('D', 'A', 9),
      merge('S', 'S', 4),
    );
    expect(['A', 'B', 'C', 'D'].map((from) => follow(from).shipmentId)).toEqual(['B', 'B', 'B', 'B']);
    expect(follow('D').loop.map(({ shipmentId }) => shipmentId)).toEqual(['B', 'C', 'A']);
    expect(follow('S')).toMatchObject({ shipmentId: 'S', loop: [{ shipmentId: 'S' }] });
  });

  it('always ends, and all that lead into one another end at the same', () => {
    const ids = ['A', 'B', 'C', 'D', 'E', 'F'];
    const anyMerges = fc.tuple(...ids.map(() => fc.tuple(fc.constantFrom(...ids, null), fc.nat(3))));
    fc.assert(
      fc.property(anyMerges, (said) => {
        const merges = said.map(([into, heardAt], index) => merge(ids[index]!, into, heardAt));
        const follow = following(...merges);
        for (const { shipmentId, into } of merges)
          if (into !== null) expect(follow(into).shipmentId).toBe(follow(shipmentId).shipmentId);
      }),
    );
  });
});
