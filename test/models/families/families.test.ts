import { describe, expect, it } from 'vitest';
import type { EndedRow } from '../../../models/families/ended-row.ts';
import { familiesOf, seenCategories, wantedOf } from '../../../models/families/families-of.ts';
import { familyOf } from '../../../models/families/family.ts';
import { classIn, LEAST_OF_CAUSE, rowsOfFamily } from '../../../models/families/rows-of-family.ts';

const row = (shipment: number, more: Partial<EndedRow> = {}): EndedRow => ({
  features: Float32Array.of(shipment),
  at: shipment,
  shipmentId: `S-${shipment}`,
  label: 0,
  afterExpectedMin: 5,
  cause: 'none',
  happened: [],
  ...more,
});
const late = (count: number, cause: string, from = 0): EndedRow[] =>
  Array.from({ length: count }, (_, at) => row(from + at, { label: 1, cause }));

describe('familyOf', () => {
  it('goes by the name, and takes any other for the risk of being late', () => {
    expect(['late-delivery', 'eta', 'cause', 'risk-customs_hold'].map(familyOf)).toEqual([
      { kind: 'late' },
      { kind: 'eta' },
      { kind: 'cause' },
      { kind: 'category', category: 'customs_hold' },
    ]);
  });
});

describe('rowsOfFamily', () => {
  it('labels an arrival by the minutes after what was expected, and leaves out what has none', () => {
    const { rows } = rowsOfFamily({ kind: 'eta' }, [
      row(1, { afterExpectedMin: -30 }),
      row(2, { afterExpectedMin: null }),
      row(3, { afterExpectedMin: 90.5 }),
    ]);
    expect(rows.map(({ label }) => label)).toEqual([-30, 90.5]);
  });

  it('learns causes from what was late for a known one, in the order of the closed list; what is rare is other', () => {
    const { rows, classes } = rowsOfFamily({ kind: 'cause' }, [
      ...late(LEAST_OF_CAUSE, 'customs'),
      ...late(LEAST_OF_CAUSE, 'weather', 100),
      ...late(LEAST_OF_CAUSE - 1, 'cargo', 200),
      ...late(50, 'unknown', 300),
      ...late(50, 'unmapped', 400),
      row(500, { label: 0, cause: 'weather' }),
    ]);
    expect(classes).toEqual(['weather', 'customs', 'other']);
    expect(rows).toHaveLength(3 * LEAST_OF_CAUSE - 1);
    expect(new Set(rows.slice(0, LEAST_OF_CAUSE).map(({ label }) => label))).toEqual(new Set([1]));
    expect(rows.at(-1)!.label).toBe(2);
    expect([
      classIn(classes, 'weather'),
      classIn(classes, 'traffic'),
      classIn(['weather'], 'traffic'),
    ]).toEqual([0, 2, -1]);
  });

  it('counts shipments of a cause, not their rows', () => {
    const many = Array.from({ length: 100 }, () => row(1, { label: 1, cause: 'traffic' }));
    expect(rowsOfFamily({ kind: 'cause' }, [...many, ...late(30, 'weather', 10)]).classes).toEqual([
      'weather',
      'other',
    ]);
  });

  it('labels a category by what was detected after the prediction', () => {
    const { rows } = rowsOfFamily({ kind: 'category', category: 'damage' }, [
      row(1, { happened: ['delay', 'damage'] }),
      row(2, { happened: ['delay'] }),
    ]);
    expect(rows.map(({ label }) => label)).toEqual([1, 0]);
  });
});

describe('the families that there are', () => {
  const rows = [
    ...Array.from({ length: 30 }, (_, at) => row(at, { happened: ['weather', 'delay'] })),
    ...Array.from({ length: 30 }, (_, at) => row(at, { happened: ['weather'] })),
    ...Array.from({ length: 19 }, (_, at) => row(at, { happened: ['address', 'damage'] })),
  ];
  const predictable = ['delay', 'address', 'weather', 'documentation'];

  it('are those of categories that may be predicted and came to pass often enough', () => {
    const seen = seenCategories(rows, predictable);
    expect(seen).toEqual([
      { category: 'weather', shipments: 30 },
      { category: 'address', shipments: 19 },
      { category: 'documentation', shipments: 0 },
    ]);
    expect(familiesOf('late-delivery', seen)).toEqual(['late-delivery', 'eta', 'cause', 'risk-weather']);
    expect(wantedOf('late-delivery', predictable, { delay: 900, address: 20 })).toEqual([
      'late-delivery',
      'eta',
      'cause',
      'risk-address',
    ]);
  });
});
