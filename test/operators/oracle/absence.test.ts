import fc from 'fast-check';
import { describe, it } from 'vitest';
import { absence } from '../../../operators/absence.ts';
import type { JoinMode } from '../../../operators/keyed-process.ts';
import { map } from '../../../operators/map.ts';
import type { Keyed } from '../../../runtime/flow.ts';
import type { Noted } from '../../support/law-topics.ts';
import {
  agrees,
  disturbances,
  inOrder,
  type OnTrial,
  ORACLE_RUNS,
  out,
  said,
  stories,
  type Story,
} from '../../support/random-story.ts';

const onTrial =
  (mode: JoinMode): OnTrial =>
  (keyed) => {
    // Absence is of keys of text; numbers are tried on the others.
    const found = absence(keyed as unknown as Keyed<Noted>, {
      name: 'silent',
      expectedBy: ({ n }, now) => (n === 0 ? null : now + n - 2),
      mode,
    });
    return [
      found
        .through(
          map(({ state, row, expectedBy, noticedAt }) =>
            said(row.key, 0, `${state} ${row.n} ${expectedBy} ${noticedAt}`),
          ),
        )
        .to(out),
      found.late.through(map(({ key, n }) => said(key, 0, `late ${n}`))).to(out),
    ];
  };

/** For each row: by when the next is expected, and when that came. */
const oracle = (story: Story, mode: JoinMode): readonly string[] => {
  const { rows, late, end, noticed } = inOrder(story, mode);
  const found = late.map(({ heardAt, at, key, n }) => `${heardAt} @${at} ${key} late ${n}`);
  for (const key of ['a', 'b', 'c']) {
    const own = rows.filter(({ row }) => row.key === key);
    let missed: number | null = null;
    for (const [index, { row, time }] of own.entries()) {
      const expectedBy: number | null = row.n === 0 ? null : time + row.n - 2;
      const goesOn = missed !== null && expectedBy !== null && expectedBy <= time;
      if (missed !== null && !goesOn) {
        found.push(`${noticed(time, 'row')} @${row.at} ${key} back ${row.n} ${missed} ${time}`);
        missed = null;
      }
      if (goesOn) missed = expectedBy;
      else if (expectedBy !== null) {
        const due = Math.max(expectedBy, time);
        if (due <= (own[index + 1]?.time ?? end)) {
          // Not before the row itself was answered.
          const when = Math.max(noticed(due, 'timer'), noticed(time, 'row'));
          found.push(`${when} @${due} ${key} missing ${row.n} ${expectedBy} ${due}`);
          missed = expectedBy;
        }
      }
    }
  }
  return found;
};

describe('absence against the distance of every two rows', () => {
  for (const mode of ['available', 'ordered'] as const) {
    // Seen red: with timers that fire after the row of their own time, and with rows released at the watermark
    // itself.
    it(mode, () => {
      fc.assert(
        fc.property(stories(fc.nat(12)), disturbances, (story, disturbance) => {
          agrees(story, disturbance, onTrial(mode), oracle(story, mode));
        }),
        { numRuns: ORACLE_RUNS },
      );
    });
  }
});
