import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { carrierRecordOf, noRecord, rateKey, scopesOf } from '../../domain/carrier-rate.ts';

const shipment = { carrier: 'ACME', lane: 'CHI-NYC', service: 'ltl' };
type Counts = readonly [shipments: number, inTime: number];

/** From the narrowest to the widest: own, the carrier's, the lane's, all. */
const recordOf = (...counts: readonly (Counts | undefined)[]) => {
  const known = new Map(
    scopesOf(shipment).map((scope, index) => {
      const [shipments, inTime] = counts[index] ?? [0, 0];
      return [rateKey(scope), { shipments, inTime }];
    }),
  );
  return carrierRecordOf((key) => known.get(key), shipment);
};

describe('carrierRecordOf', () => {
  it('knows nothing before anything has arrived', () => {
    expect(recordOf()).toEqual(noRecord);
    expect(carrierRecordOf(() => undefined, shipment)).toEqual(noRecord);
  });

  it('expects of a carrier on a lane what both make likely, and believes many shipments more', () => {
    // The example of its doc, with so many shipments that only the narrowest is shrunk.
    const many = 1e9;
    const wide: readonly Counts[] = [
      [many, 0.8 * many],
      [many, 0.9 * many],
      [many, 0.9 * many],
    ];
    expect(recordOf(undefined, ...wide).onTime).toBeCloseTo(0.8, 6);
    expect(recordOf([10, 2], ...wide)).toMatchObject({ shipments: 10 });
    expect(recordOf([10, 2], ...wide).onTime).toBeCloseTo(0.6, 6);
    expect(recordOf([10_000, 2_000], ...wide).onTime).toBeCloseTo(0.2, 2);
  });

  it('shrinks a carrier and a lane to all', () => {
    const { carrierOnTime, laneOnTime } = recordOf(undefined, [5, 5], [0, 0], [998, 799]);
    expect(carrierOnTime).toBeCloseTo((5 + 16) / 25, 9);
    expect(laneOnTime).toBeCloseTo(0.8, 9);
  });

  it('is a share for any counts, and rises with what came in time', () => {
    const counts = fc.nat(500).chain((n) => fc.nat(n).map((k): Counts => [n, k]));
    fc.assert(
      fc.property(counts, counts, counts, fc.integer({ min: 1, max: 500 }), (own, carrier, lane, all) => {
        const record = recordOf(own, carrier, lane, [all, all]);
        for (const share of [record.onTime, record.carrierOnTime, record.laneOnTime]) {
          expect(share).toBeGreaterThan(0);
          expect(share).toBeLessThan(1);
        }
        const better = recordOf([own[0] + 1, own[1] + 1], carrier, lane, [all, all]);
        expect(better.onTime).toBeGreaterThan(record.onTime);
      }),
    );
  });
});
