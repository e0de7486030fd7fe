import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { map } from '../../../operators/map.ts';
import { pattern, type PatternOptions } from '../../../operators/pattern.ts';
import type { PatternStep } from '../../../operators/pattern/sequence.ts';
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
  type StoryRow,
} from '../../support/random-story.ts';

/** A pattern as data: which numbers a step wants or refuses, and for how long; 0 is no bound of its own. */
interface Written {
  readonly steps: readonly {
    readonly isRefused: boolean;
    readonly numbers: readonly number[];
    readonly within: number;
  }[];
  readonly within: number;
  readonly after: 'skip past last' | 'next row';
  readonly mode: 'available' | 'ordered';
}

const step = fc.record({
  isRefused: fc.constantFrom(false, true),
  numbers: fc.uniqueArray(fc.nat(3), { minLength: 1, maxLength: 2 }),
  within: fc.constantFrom(0, 0, 4, 8, 20),
});
const written: fc.Arbitrary<Written> = fc.record({
  steps: fc
    .tuple(step, fc.array(step, { minLength: 1, maxLength: 3 }))
    .map(([first, rest]) => [{ ...first, isRefused: false, within: 0 }, ...rest]),
  within: fc.constantFrom(12, 60, 200),
  after: fc.constantFrom('skip past last' as const, 'next row' as const),
  mode: fc.constantFrom('available' as const, 'ordered' as const),
});

const onTrial =
  ({ steps, within, after, mode }: Written): OnTrial =>
  (keyed) => {
    const options: PatternOptions<readonly PatternStep<Noted>[], true> = {
      name: 'sought',
      steps: steps.map(({ isRefused, numbers, within: own }, index) => ({
        ...(isRefused ? { not: `${index}` } : { name: `${index}` }),
        where: (row: Noted) => numbers.includes(row.n),
        ...(own === 0 ? {} : { within: `${own}ms` }),
      })) as readonly PatternStep<Noted>[],
      within: `${within}ms`,
      after,
      mode,
      timeouts: true,
    };
    const found = pattern(keyed, options);
    return [
      found
        .through(
          map((result) => {
            const rows = Object.entries(result.rows).map(([name, row]) => `${name}:${row!.n} of ${row!.at}`);
            const key = Object.values(result.rows)[0]!.key;
            const waited = result.outcome === 'matched' ? '' : ` for ${result.waitedFor}`;
            return said(
              key,
              0,
              `${result.outcome}${waited} ${rows.join(', ')} ${result.startedAt}-${result.endedAt}`,
            );
          }),
        )
        .to(out),
      found.late.through(map(({ key, n }) => said(key, 0, `late ${n}`))).to(out),
    ];
  };

interface Timed {
  readonly row: StoryRow;
  readonly time: number;
}

/** What becomes of the match that begins with a row, if no other one gets in its way. */
interface Course {
  readonly outcome: 'matched' | 'timed out' | 'broken';
  readonly rows: readonly (readonly [string, number])[];
  /** Index of the row that decides it, or of the first row that comes after its time, less a half. */
  readonly order: number;
  /** The time in which it is decided. */
  readonly time: number;
  readonly waitedFor: string;
}

/** Goes along the rows once for each step, looking for the first that is wanted or refused before the time is over. */
const courseOf = ({ steps, within }: Written, own: readonly Timed[], start: number): Course => {
  const rows: (readonly [string, number])[] = [['0', start]];
  const startedAt = own[start]!.time;
  let at = start;
  let next = 1;
  for (;;) {
    const upTo = steps.findIndex(({ isRefused }, index) => index >= next && !isRefused);
    const refused = steps.slice(next, upTo < 0 ? steps.length : upTo);
    const wanted = upTo < 0 ? undefined : steps[upTo]!;
    const lastAt = own[at]!.time;
    if (wanted === undefined && refused.length === 0)
      return { outcome: 'matched', rows, order: at, time: lastAt, waitedFor: '' };
    const longest = wanted === undefined ? refused.map((one) => one.within) : [wanted.within];
    const bound = longest.includes(0) ? Infinity : Math.max(...longest);
    const deadline = Math.min(startedAt + within, lastAt + bound);
    const decides = own.findIndex(
      ({ row, time }, index) =>
        index > at &&
        (time >= deadline ||
          refused.some(
            (one) => one.numbers.includes(row.n) && (one.within === 0 || time < lastAt + one.within),
          ) ||
          wanted?.numbers.includes(row.n) === true),
    );
    const decider = own[decides];
    if (decider === undefined || decider.time >= deadline) {
      const order = (decider === undefined ? own.length : decides) - 0.5;
      const outcome = wanted === undefined ? 'matched' : 'timed out';
      return { outcome, rows, order, time: deadline, waitedFor: String(upTo) };
    }
    const isBroken = refused.some(
      (one) =>
        one.numbers.includes(decider.row.n) && (one.within === 0 || decider.time < lastAt + one.within),
    );
    if (isBroken) return { outcome: 'broken', rows, order: decides, time: decider.time, waitedFor: '' };
    rows.push([String(upTo), decides]);
    at = decides;
    next = upTo + 1;
  }
};

/** Which of the courses are run: a match that is found ends those that began before its last row, where it is said so. */
const coursesOf = (
  asked: Written,
  own: readonly Timed[],
): readonly (Course & { readonly start: number })[] => {
  const skips = asked.after === 'skip past last';
  let live: (Course & { readonly start: number })[] = [];
  const done: (Course & { readonly start: number })[] = [];
  const decide = (upTo: number): boolean => {
    let hasRow = false;
    for (;;) {
      const due = live.filter(({ order }) => order <= upTo);
      due.sort((a, b) => a.order - b.order || a.time - b.time || a.start - b.start);
      const first = due[0];
      if (first === undefined) return hasRow;
      live = live.filter((one) => one !== first);
      if (first.outcome !== 'broken') done.push(first);
      if (first.outcome !== 'matched') continue;
      if (first.order === upTo) hasRow = true;
      const last = first.rows.at(-1)![1];
      if (skips) live = live.filter(({ start }) => start > last);
    }
  };
  for (const [index, { row }] of own.entries()) {
    decide(index - 0.5);
    const ends = decide(index);
    if (asked.steps[0]!.numbers.includes(row.n) && !(ends && skips))
      live.push({ ...courseOf(asked, own, index), start: index });
  }
  decide(own.length);
  return done;
};

const oracle = (story: Story, asked: Written): readonly string[] => {
  const { rows, late, end, noticed } = inOrder(story, asked.mode);
  const found = late.map(({ heardAt, at, key, n }) => `${heardAt} @${at} ${key} late ${n}`);
  for (const key of ['a', 'b', 'c']) {
    const own = rows.filter(({ row }) => row.key === key);
    for (const course of coursesOf(asked, own)) {
      const isTimer = !Number.isInteger(course.order);
      if (isTimer && course.time > end) continue;
      const last = own[course.rows.at(-1)![1]]!;
      const when = Math.max(
        noticed(last.time, 'row'),
        isTimer ? noticed(course.time, 'timer') : noticed(own[course.order]!.time, 'row'),
      );
      const at = isTimer ? course.time : own[course.order]!.row.at;
      const texts = course.rows.map(
        ([name, index]) => `${name}:${own[index]!.row.n} of ${own[index]!.row.at}`,
      );
      const waited = course.outcome === 'matched' ? '' : ` for ${course.waitedFor}`;
      found.push(
        `${when} @${at} ${key} ${course.outcome}${waited} ${texts.join(', ')} ${own[course.start]!.time}-${course.time}`,
      );
    }
  }
  return found;
};

describe('pattern against a search of all rows from every beginning', () => {
  // Seen red: with bounds of a match and of a refusal that still take the row at them, with a wanted row before
  // a refused one, with a skip that spares what began with the last row, and with a match that begins with it.
  it('finds the same matches, at the same time', () => {
    let matches = 0;
    fc.assert(
      fc.property(stories(fc.nat(3)), written, disturbances, (story, asked, disturbance) => {
        const { answers, counts } = agrees(story, disturbance, onTrial(asked), oracle(story, asked));
        const outcomes = answers.map(({ row }) => (row as { readonly what: string }).what);
        matches += outcomes.filter((what) => what.startsWith('matched')).length;
        expect(counts.expired ?? 0).toBe(outcomes.filter((what) => what.startsWith('timed out')).length);
      }),
      { numRuns: ORACLE_RUNS * 4 },
    );
    // It is no proof when nothing is ever found.
    expect(matches).toBeGreaterThan(ORACLE_RUNS);
  });
});
