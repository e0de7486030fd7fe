import { expect, it } from 'vitest';
import { freshRows, rowsToLearnFrom } from '../../../models/training/rows-to-learn-from.ts';

/** `each` rows of so many shipments, the first of them with label 1; all seen at `at`. */
const rowsOf = (at: number, shipments: number, late: number, each = 3) =>
  Array.from({ length: shipments * each }, (_, row) => {
    const shipment = Math.floor(row / each);
    return { at, label: shipment < late ? 1 : 0, shipmentId: `${at}-${shipment}` };
  });
const before = rowsOf(1, 1_000, 100);

it('learns from the new world where it is known by shipments enough, of both labels', () => {
  const fresh = rowsOf(2, 600, 60);
  expect(rowsToLearnFrom([...before, ...fresh], 2)).toEqual(fresh);
  expect(rowsToLearnFrom([...before, ...fresh], null)).toHaveLength(before.length + fresh.length);
});

it('learns from all where the rows of the new world are of few shipments, or of one label', () => {
  for (const fresh of [rowsOf(2, 599, 60), rowsOf(2, 60, 20, 50), rowsOf(2, 600, 16), rowsOf(2, 600, 584)]) {
    const all = [...before, ...fresh];
    expect(freshRows(all, 2)).toBeNull();
    expect(rowsToLearnFrom(all, 2)).toBe(all);
  }
});

it('takes the label that it is told, and a row without a shipment for one', () => {
  const fresh = Array.from({ length: 600 }, (_, row) => ({ at: 2, label: 0, isOdd: row % 2 === 1 }));
  expect(freshRows(fresh, 2)).toBeNull();
  expect(freshRows(fresh, 2, ({ isOdd }) => isOdd)).toEqual(fresh);
});
