import fc from 'fast-check';
import { expect } from 'vitest';
import { z } from 'zod';
import type { JoinMode } from '../../operators/keyed-process.ts';
import type { Flow, Keyed, Output } from '../../runtime/flow.ts';
import type { Key } from '../../runtime/item.ts';
import { pipeline } from '../../runtime/pipeline.ts';
import { topic } from '../../runtime/topic.ts';
import { type KernelRow, type KernelRun, type KernelSettings, runKernel } from './kernel-run.ts';
import type { Noted, Said } from './law-topics.ts';
import { type Moment, naiveTime, type Told } from './naive-time.ts';

/** `FOREWARN_ORACLE_RUNS=5000` asks for more. */
export const ORACLE_RUNS = Number(process.env['FOREWARN_ORACLE_RUNS'] ?? 250);

const noted = z.object({ at: z.number(), key: z.string(), n: z.number() });
const DISORDERS = [0, 3, 9] as const;
const sources = DISORDERS.map((disorderMs) => ({
  left: topic('left', { schema: noted, key: (row) => row.key, disorderMs }),
  right: topic('right', { schema: noted, key: (row) => row.key, disorderMs }),
}));
export const out = topic('out', {
  schema: z.object({ at: z.number(), key: z.string(), what: z.string() }),
  key: (row) => row.key,
});

/** A row of a story with its place in it. */
export interface StoryRow extends Told {
  readonly index: number;
  readonly key: string;
  readonly n: number;
}

/** What is heard, by which channels, and how event time comes on by it. */
export interface Story {
  readonly rows: readonly StoryRow[];
  readonly moments: readonly Moment<StoryRow>[];
  readonly endsAt: number;
  /** The task's watermark in the end. */
  readonly watermark: number;
  readonly disorder: number;
  readonly idleMs: number;
  /** Two topics, the first of two partitions; or one of two. */
  readonly isUnion: boolean;
  readonly hasNumbersAsKeys: boolean;
}

const LONG = 40;

/** Disorder within bounds and beyond, rows that come again, silences of some or all channels. */
export const stories = (numbers: fc.Arbitrary<number> = fc.nat(9)): fc.Arbitrary<Story> =>
  fc
    .record({
      told: fc.array(
        fc.record({
          passed: fc.oneof({ weight: 9, arbitrary: fc.nat(3) }, { weight: 1, arbitrary: fc.constant(LONG) }),
          channel: fc.nat(2),
          key: fc.constantFrom('a', 'b', 'c'),
          n: numbers,
          behind: fc.oneof({ weight: 3, arbitrary: fc.nat(3) }, { weight: 1, arbitrary: fc.nat(20) }),
          /** The same row as so many before it. */
          again: fc.option(fc.integer({ min: 1, max: 4 }), { nil: null, freq: 5 }),
        }),
        { minLength: 1, maxLength: 40, size: 'medium' },
      ),
      disorder: fc.nat(DISORDERS.length - 1),
      idleMs: fc.constantFrom(5, 25, Infinity),
      isUnion: fc.boolean(),
      hasNumbersAsKeys: fc.boolean(),
    })
    .map(({ told, disorder, idleMs, isUnion, hasNumbersAsKeys }) => {
      const rows: StoryRow[] = [];
      let now = 100;
      for (const { passed, channel, key, n, behind, again } of told) {
        now += 1 + passed;
        const same = again === null ? undefined : rows[rows.length - again];
        const index = rows.length;
        const by = isUnion ? channel : channel % 2;
        rows.push(
          same === undefined
            ? { index, channel: by, heardAt: now, at: now - behind, key, n }
            : { ...same, index, heardAt: now },
        );
      }
      const endsAt = now + 3 * LONG;
      const channels = isUnion ? 3 : 2;
      const moments = naiveTime(rows, { channels, disorderMs: DISORDERS[disorder]!, idleMs, endsAt });
      const watermark = moments.at(-1)!.watermark;
      return { rows, moments, endsAt, watermark, disorder, idleMs, isUnion, hasNumbersAsKeys };
    });

/** How a run is disturbed; what comes out must not show it. */
export type Disturbance = Pick<KernelSettings, 'rowsInBeat' | 'ticksBefore' | 'restarts'>;

export const disturbances: fc.Arbitrary<Disturbance> = fc
  .record({
    rowsInBeat: fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 5 }),
    ticks: fc.array(fc.nat(39), { maxLength: 8 }),
    restarts: fc.array(fc.tuple(fc.nat(39), fc.constantFrom('deltas' as const, 'all' as const)), {
      maxLength: 6,
    }),
  })
  .map(({ rowsInBeat, ticks, restarts }) => ({
    rowsInBeat,
    ticksBefore: new Set(ticks),
    restarts: new Map(restarts),
  }));

/** What is on trial: it must serve keys of any kind, and writes down what it says in words. */
export type OnTrial = <K extends Key>(keyed: Keyed<Noted, K, 'key'>) => readonly Output[];

/** Something was said of a key at an event time. */
export const said = (key: Key, at: number, what: string): Said => ({ at, key: String(key), what });

const NUMBERS: Readonly<Record<string, number>> = { a: 1, b: 2.5, c: -3 };
export const keyIn = ({ hasNumbersAsKeys }: Story, key: string): string =>
  hasNumbersAsKeys ? String(NUMBERS[key]) : key;

export const runStory = (story: Story, onTrial: OnTrial, disturbance: Disturbance = {}): KernelRun => {
  const { left, right } = sources[story.disorder]!;
  const built = story.isUnion
    ? pipeline('trial', { from: { left, right } }, (from) =>
        keyedBy(story, from.left.union(from.right), onTrial),
      )
    : pipeline('trial', { from: { left } }, (from) => keyedBy(story, from.left, onTrial));
  const rows = story.rows.map(({ channel, heardAt, at, key, n }): KernelRow => ({
    topic: channel === 2 ? 'right' : 'left',
    partition: channel === 2 ? 0 : channel,
    heardAt,
    row: { at, key, n } as Noted,
  }));
  const { idleMs, endsAt } = story;
  return runKernel(built, rows, { partitions: { left: 2 }, idleMs, endsAt, ...disturbance });
};

const keyedBy = ({ hasNumbersAsKeys }: Story, flow: Flow<Noted>, onTrial: OnTrial): readonly Output[] =>
  hasNumbersAsKeys ? onTrial(flow.keyBy(({ key }) => NUMBERS[key]!)) : onTrial(flow.keyBy('key'));

/** `log time @ event time key what`, in order. */
export const linesOf = ({ answers }: KernelRun): readonly string[] =>
  answers.map(({ heardAt, at, row }) => `${heardAt} @${at} ${(row as Said).key} ${(row as Said).what}`);

/** What comes out is what the oracle says, and the same row for row however the run was disturbed. */
export const agrees = (
  story: Story,
  disturbance: Disturbance,
  onTrial: OnTrial,
  oracle: readonly string[],
): KernelRun => {
  const calm = runStory(story, onTrial);
  expect(calm.failures).toEqual([]);
  expect([...linesOf(calm)].sort()).toEqual([...oracle].sort());
  const disturbed = runStory(story, onTrial, disturbance);
  expect(linesOf(disturbed)).toEqual(linesOf(calm));
  expect(disturbed.counts).toEqual(calm.counts);
  for (const { heardAt } of calm.answers) expect(heardAt).toBeGreaterThan(-Infinity);
  return calm;
};

/** The rows of a story as a step of this mode takes them. */
export interface InOrder {
  /** With the time that they have in the mode. */
  readonly rows: readonly { readonly row: StoryRow; readonly time: number }[];
  readonly late: readonly StoryRow[];
  /** Time of the mode that is reached in the end: timers up to it have fired. */
  readonly end: number;
  /** Log time at which a row of this time is answered, or a timer fires. */
  readonly noticed: (time: number, what: 'row' | 'timer') => number;
}

/** `available`: all rows as they were heard; `ordered`: those that are not late, by event time and place in the log. */
export const inOrder = ({ rows, moments, endsAt, watermark }: Story, mode: JoinMode): InOrder => {
  if (mode === 'available')
    return {
      rows: rows.map((row) => ({ row, time: row.heardAt })),
      late: [],
      end: endsAt,
      noticed: (time) => time,
    };
  const isLate = ({ row, origin }: Moment<StoryRow>): boolean => row !== null && row.at < origin;
  const rowOf = ({ row }: Moment<StoryRow>): readonly StoryRow[] => (row === null ? [] : [row]);
  return {
    rows: moments
      .filter((moment) => !isLate(moment))
      .flatMap(rowOf)
      .filter(({ at }) => at < watermark)
      .sort((a, b) => a.at - b.at || a.index - b.index)
      .map((row) => ({ row, time: row.at })),
    late: moments.filter(isLate).flatMap(rowOf),
    end: watermark,
    noticed: (time, what) =>
      moments.find((moment) => (what === 'row' ? moment.watermark > time : moment.watermark >= time))!
        .heardAt,
  };
};
