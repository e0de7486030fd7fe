import { describe, expect, it } from 'vitest';
import { type LeftOut, rangesWith, TakenBack } from '../../../../runtime/log/kafka/taken-back.ts';

const PLACE = 'p.rows/0';
const range = (from: number, until: number, kept = from, generation = 1): LeftOut => ({
  place: PLACE,
  from,
  until,
  kept,
  generation,
});
const takenBack = (...ranges: readonly LeftOut[]): TakenBack =>
  new TakenBack({ generation: 1, savepoint: { id: '1', name: 'one' }, filled: [], ranges });
const records = (...offsets: readonly number[]) =>
  offsets.map((offset) => ({
    offset,
    heardAt: offset,
    producer: offset % 10 === 4 ? 'external' : 'watch/0',
    key: '',
    headers: {},
    value: new Uint8Array(0),
  }));

describe('what is left out of a log that was taken back', () => {
  it('is what tasks wrote in the range, and nothing that came from outside', () => {
    const back = takenBack(range(10, 20, 15));
    const kept = back.kept(PLACE, records(8, 9, 10, 14, 19, 20, 21));
    expect(kept.map(({ offset }) => offset)).toEqual([8, 9, 14, 20, 21]);
    const all = records(20, 21);
    expect(back.kept(PLACE, all)).toBe(all);
    expect(back.kept('p.rows/1', records(10))).toHaveLength(1);
  });

  it('moves an end that lies in it to behind the last that stays, and no other', () => {
    const back = takenBack(range(10, 20, 15));
    expect([9, 10, 11, 20, 21].map((end) => back.end(PLACE, end))).toEqual([9, 10, 15, 15, 21]);
    expect(back.end('p.rows/1', 12)).toBe(12);
    // A cut where the range before had left its last record.
    const twice = takenBack(range(10, 20, 15), range(15, 30, 15, 2));
    expect([14, 20, 30, 31].map((end) => twice.end(PLACE, end))).toEqual([15, 15, 15, 31]);
    const between = takenBack(range(10, 20), range(25, 40, 33, 2));
    expect([20, 24, 25, 40].map((end) => between.end(PLACE, end))).toEqual([10, 24, 25, 33]);
  });

  it('is said once, and not of what the log has dropped', () => {
    const none = (): number => 0;
    expect(rangesWith([range(10, 20)], [range(5, 30, 8, 2)], none)).toEqual([range(5, 30, 8, 2)]);
    expect(rangesWith([range(10, 20)], [range(25, 30, 25, 2)], none)).toHaveLength(2);
    expect(rangesWith([range(10, 20)], [range(25, 30, 25, 2)], () => 20)).toEqual([range(25, 30, 25, 2)]);
    expect(rangesWith([], [range(7, 7)], none)).toEqual([]);
  });
});
