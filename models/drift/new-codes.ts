import { riseOf, type Seen } from '../novelty/rising.ts';
import { believed } from './false-discovery.ts';
import type { Finding } from './finding.ts';

/** How often a code or category that nothing maps was seen before and of late. */
export interface UnmappedCode extends Seen {
  readonly code: string;
}

const FALSE_DISCOVERIES = 0.01;
const FACTOR_AT_LEAST = 2;
const LATELY_AT_LEAST = 5;

/**
 * Codes that the mappings and the model do not know and that are rising: a warning that the world has a new word.
 * What to call it is proposed by the review (models/novelty). 3 in 21 days and then 9 in 7 → told.
 */
export const newCodes = (codes: readonly UnmappedCode[], at: number): readonly Finding[] => {
  const rises = codes.map((code) => riseOf(code));
  const isBelieved = believed(
    rises.map(({ pValue }) => pValue),
    FALSE_DISCOVERIES,
  );
  return codes.flatMap(({ code, before, lately, latelyDays }, index) => {
    const { factor = 1, pValue = 1 } = rises[index] ?? {};
    const isRising = isBelieved[index] === true && factor >= FACTOR_AT_LEAST && lately >= LATELY_AT_LEAST;
    if (!isRising) return [];
    return [
      {
        kind: 'new-codes',
        subject: code,
        grade: 'warning',
        at,
        since: at - latelyDays * 86_400_000,
        text: `"${code}", which is not mapped, came ${lately} times in ${latelyDays} days`,
        numbers: { before, lately, pValue },
      } as const,
    ];
  });
};
