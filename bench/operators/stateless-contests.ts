import { flatMap } from '../../operators/flat-map.ts';
import { map } from '../../operators/map.ts';
import { where } from '../../operators/where.ts';
import { pipeline } from '../../runtime/pipeline.ts';
import { answers } from './answers.ts';
import type { Contest, HandLoop } from './contest.ts';
import type { Row } from './input.ts';

const each = (row: (row: Row) => void): HandLoop => ({ row, end: () => undefined });
const value = ({ value: read }: Row): number => read;
const isEven = ({ value: read }: Row): boolean => read % 2 === 0;
const doubled = ({ key, id, value: read, at }: Row): Row => ({ key, id, value: read * 2, at });
const twice = (row: Row): readonly Row[] => [row, doubled(row)];

export const statelessContests: readonly Contest[] = [
  {
    name: 'nothing',
    inputs: 1,
    isKeyed: false,
    pipeline: ({ left }) => pipeline('nothing', { from: { left } }, (from) => [from.left.to(answers())]),
    read: value,
    loop: (out) => each((row) => out(row.value)),
  },
  {
    name: 'where',
    inputs: 1,
    isKeyed: false,
    pipeline: ({ left }) =>
      pipeline('where', { from: { left } }, (from) => [from.left.through(where(isEven)).to(answers())]),
    read: value,
    loop: (out) =>
      each((row) => {
        if (isEven(row)) out(row.value);
      }),
  },
  {
    name: 'map',
    inputs: 1,
    isKeyed: false,
    pipeline: ({ left }) =>
      pipeline('map', { from: { left } }, (from) => [from.left.through(map(doubled)).to(answers())]),
    read: value,
    loop: (out) => each((row) => out(doubled(row).value)),
  },
  {
    name: 'flatMap',
    inputs: 1,
    isKeyed: false,
    pipeline: ({ left }) =>
      pipeline('flat-map', { from: { left } }, (from) => [from.left.through(flatMap(twice)).to(answers())]),
    read: value,
    loop: (out) =>
      each((row) => {
        for (const one of twice(row)) out(one.value);
      }),
  },
  {
    name: 'keyBy',
    inputs: 1,
    isKeyed: false,
    pipeline: ({ left }) =>
      pipeline('key-by', { from: { left } }, (from) => [from.left.keyBy('key').to(answers())]),
    read: value,
    loop: (out) => each((row) => out(row.value)),
  },
  {
    name: 'union',
    inputs: 2,
    isKeyed: false,
    pipeline: ({ left, right }) =>
      pipeline('union', { from: { left, right } }, (from) => [from.left.union(from.right).to(answers())]),
    read: value,
    loop: (out) => each((row) => out(row.value)),
  },
];
