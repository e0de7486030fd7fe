import { isAbsolute } from 'node:path';
import { expect, it } from 'vitest';
import { parseOptions } from '../../../bench/nexmark/options.ts';
import { queryNames } from '../../../bench/nexmark/queries.ts';

it('takes everything where nothing is said', () => {
  const options = parseOptions({});
  expect(options).toMatchObject({
    queries: queryNames,
    modes: ['mem', 'file'],
    who: ['hand loop', 'RxJS', 'Forewarn'],
    peers: [],
    data: null,
  });
  expect(isAbsolute(options.peersFolder)).toBe(true);
});

it('takes what is said, and the hand loop always', () => {
  expect(
    parseOptions({ queries: 'q7, q5', events: '2000', who: 'RxJS', peers: 'flink,jet', modes: 'file' }),
  ).toMatchObject({
    queries: ['q5', 'q7'],
    events: 2_000,
    who: ['hand loop', 'RxJS'],
    peers: ['flink', 'jet'],
    modes: ['file'],
  });
});

it('refuses what it does not know', () => {
  expect(() => parseOptions({ queries: 'q5,q6' })).toThrow('--queries: no "q6"');
  expect(() => parseOptions({ modes: 'disk' })).toThrow('--modes: no "disk"');
  expect(() => parseOptions({ events: '1.5' })).toThrow('--events: "1.5" is not a whole number');
  expect(() => parseOptions({ rounds: '0' })).toThrow('--rounds');
});
