import { expect, it } from 'vitest';
import { runsOf } from '../../../runtime/kafka/runs.ts';

const message = (topic: string, partition: number, offset: number) => ({
  topic,
  partition,
  offset,
  value: null,
  size: 0,
});

it('puts together what came of one partition in a row, and nothing else', () => {
  const messages = [
    message('a', 0, 1),
    message('a', 0, 2),
    message('a', 1, 5),
    message('a', 0, 3),
    message('b', 0, 9),
  ];
  const runs = runsOf(messages).map(({ place, messages: of }) => [place, of.map(({ offset }) => offset)]);
  expect(runs).toEqual([
    ['a/0', [1, 2]],
    ['a/1', [5]],
    ['a/0', [3]],
    ['b/0', [9]],
  ]);
  expect(runsOf([])).toEqual([]);
});
