import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { keyedProcess, rowsOf } from '../../../operators/keyed-process.ts';
import type { Keyed } from '../../../runtime/flow.ts';
import type { Noted, Said } from '../../support/law-topics.ts';
import {
  agrees,
  disturbances,
  type OnTrial,
  ORACLE_RUNS,
  out,
  said,
  stories,
  type Story,
} from '../../support/random-story.ts';

/** Says with each row which watermark has been told before it. */
const onTrial: OnTrial = (keyed) => [
  keyedProcess('told', {
    inputs: { rows: keyed as unknown as Keyed<Noted> },
    emits: rowsOf<Said>(),
    initial: null,
    on: { rows: ({ key, at }, context) => context.emit(said(key, at, String(context.watermark))) },
  }).to(out),
];

const oracle = ({ moments }: Story): readonly string[] =>
  moments.flatMap(({ row }, index) => {
    const told = moments[index - 1]?.watermark ?? -Infinity;
    return row === null ? [] : [`${row.heardAt} @${row.at} ${row.key} ${told}`];
  });

describe('event time against the silences of every channel', () => {
  // Seen red: with a channel that is idle one moment too soon, and with one that goes on where it was when it comes back.
  it('tells the same watermark before every row, and the same of lateness', () => {
    fc.assert(
      fc.property(stories(), disturbances, (story, disturbance) => {
        const { answers } = agrees(story, disturbance, onTrial, oracle(story));
        const origins = story.moments.flatMap(({ row, origin }) => (row === null ? [] : [origin]));
        expect(answers.map(({ origin }) => origin)).toEqual(origins);
      }),
      { numRuns: ORACLE_RUNS * 2 },
    );
  });
});
