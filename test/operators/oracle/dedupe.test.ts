import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dedupe } from '../../../operators/dedupe.ts';
import { map } from '../../../operators/map.ts';
import {
  agrees,
  disturbances,
  type OnTrial,
  ORACLE_RUNS,
  out,
  said,
  stories,
  type Story,
  type StoryRow,
} from '../../support/random-story.ts';

const WITHIN = 12;

const onTrial =
  (by: 'n' | 'function' | 'key'): OnTrial =>
  (keyed) => [
    keyed
      .through(
        dedupe({
          name: 'first',
          within: `${WITHIN}ms`,
          ...(by === 'key' ? {} : { by: by === 'n' ? 'n' : ({ at, n }) => `${n} at ${at}` }),
        }),
      )
      .through(map(({ at, key, n }) => said(key, at, String(n))))
      .to(out),
  ];

/** A row passes unless one of the same id that has passed was heard less than the window before it. */
const oracle = (story: Story, idOf: (row: StoryRow) => string): readonly string[] => {
  const passed: StoryRow[] = [];
  for (const row of story.rows) {
    const isKnown = passed.some((one) => idOf(one) === idOf(row) && row.heardAt - one.heardAt < WITHIN);
    if (!isKnown) passed.push(row);
  }
  return passed.map(({ heardAt, at, key, n }) => `${heardAt} @${at} ${key} ${n}`);
};

const ids = {
  n: ({ key, n }: StoryRow) => `${key} ${n}`,
  function: ({ key, n, at }: StoryRow) => `${key} ${n} ${at}`,
  key: ({ key }: StoryRow) => key,
};

describe('dedupe against a naive search of all rows', () => {
  for (const by of ['n', 'function', 'key'] as const) {
    // Seen red: with `<` for `<=` where ids are forgotten, with a memory that repetitions prolong, and with ids
    // that are told apart without their key.
    it(`by ${by}`, () => {
      fc.assert(
        fc.property(stories(fc.nat(3)), disturbances, (story, disturbance) => {
          const expected = oracle(story, ids[by]);
          const { counts, sizes } = agrees(story, disturbance, onTrial(by), expected);
          expect(counts.duplicate ?? 0).toBe(story.rows.length - expected.length);
          expect([...sizes.values()]).toEqual([0]);
        }),
        { numRuns: ORACLE_RUNS },
      );
    });
  }
});
