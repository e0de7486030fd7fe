import { describe, expect, it } from 'vitest';
import { contests } from '../../../bench/operators/contests.ts';
import { makeRows } from '../../../bench/operators/input.ts';
import { parseOptions } from '../../../bench/operators/operators.ts';
import { runContest } from '../../../bench/operators/run-contest.ts';

const few = makeRows(40_500, 50);
const many = makeRows(30_500, 5_000);

// What is compared must do the same. Seen red: an absence loop that forgot what ended since its last sweep.
describe.each(contests)('$name', (contest) => {
  it.each([
    { what: 'few keys', input: few },
    { what: 'many keys', input: many },
  ])('gives what its hand loop gives, over $what', ({ input }) => {
    const expected = runContest(contest, 'hand loop', input);
    expect(runContest(contest, 'columns', input)).toEqual(expected);
    expect(runContest(contest, 'objects', input)).toEqual(expected);
  });
});

it('refuses operators and numbers that it does not know', () => {
  expect(() => parseOptions({ operators: 'where; wher' })).toThrow('no "wher"');
  expect(() => parseOptions({ keys: '10,x' })).toThrow('--keys: "x"');
  expect(parseOptions({ operators: 'where; map' }).contests.map(({ name }) => name)).toEqual([
    'where',
    'map',
  ]);
});
