import { expect, it } from 'vitest';
import { silenceCounts } from '../../domain/detection/feed-silence.ts';
import { feedFellSilent, type FeedRhythm, feedSent, type FeedStep } from '../../domain/feed-rhythm.ts';
import { rules } from '../rules/shipped-rules.ts';

const minute = 60_000;
const beat = { feed: 'f', at: 0, carriers: ['ACME'] };
const { feed } = rules.detection;

/** Beats at these minutes; the last step. */
const sent = (minutes: readonly number[], before: FeedRhythm | null = null): FeedStep =>
  minutes.reduce<FeedStep>(({ rhythm }, at) => feedSent(rhythm, beat, feed, at * minute), {
    rhythm: before,
    news: null,
    silentAt: null,
  } as unknown as FeedStep);
const every = (step: number, from: number, to: number): readonly number[] =>
  Array.from({ length: Math.floor((to - from) / step) + 1 }, (_, index) => from + index * step);

it('is silent after twice the longest pause of its week, and not before it is known', () => {
  expect(sent(every(10, 0, 2_870)).silentAt).toBeNull();
  expect(sent(every(10, 0, 2_880)).silentAt).toBe((2_880 + 45) * minute);
  expect(sent(every(30, 0, 2_880)).silentAt).toBe((2_880 + 60) * minute);
  expect(sent([...every(10, 0, 2_880), 2_940, 2_950]).silentAt).toBe((2_950 + 120) * minute);
});

it('is not silent by chance where its pauses spread, and never where they are few', () => {
  // Pauses of 1 and 15 min in turn: mean 8, spread 7, so that 8 + 12 × 7 min is no chance any more.
  const uneven = Array.from({ length: 720 }, (_, index) => (index >> 1) * 16 + (index % 2));
  const last = uneven.at(-1)!;
  const { silentAt } = sent(uneven);
  expect(silentAt! / minute - last).toBeGreaterThan(2 * 15);
  expect(silentAt! / minute - last).toBeCloseTo(8 + 12 * 7, 0);
  expect(sent(every(240, 0, 20 * 240)).silentAt).toBeNull();
});

it('says once that it fell silent and once that it is back, and takes only the second silence of its kind for a habit', () => {
  const known = sent(every(10, 0, 2_880)).rhythm;
  const silent = feedFellSilent(known, 'f', 2_925 * minute);
  expect(silent.news).toMatchObject({ state: 'silent', quietSince: 2_880 * minute, carriers: ['ACME'] });
  const back = sent([3_040], silent.rhythm);
  expect(back.news).toMatchObject({ state: 'sending', quietSince: 2_880 * minute, backAt: 3_040 * minute });
  const after = sent(every(10, 3_050, 4_320), back.rhythm);
  expect(after.silentAt).toBe((4_320 + 45) * minute);
  const again = sent([4_480, 4_490], feedFellSilent(after.rhythm, 'f', 4_365 * minute).rhythm);
  expect(again.silentAt).toBe((4_490 + 2 * 160) * minute);
});

it('goes on from state in which pauses were not counted yet', () => {
  const known = sent(every(30, 0, 2_880)).rhythm!;
  const slots = known.slots.map(({ slot, longestMs }) => ({ slot, longestMs }));
  const after = sent(every(30, 2_910, 2 * 2_880), { ...known, slots });
  expect(sent([2_910], { ...known, slots }).silentAt).toBeNull();
  expect(after.silentAt).toBe((2 * 2_880 + 60) * minute);
});

it('lets nothing follow from silence while it is silent, nor until it has caught up', () => {
  const base = { id: 'f', at: 0, heardAt: 0, feed: 'f', carriers: ['ACME'] };
  const counts = (state: 'silent' | 'sending', quietSince: number, backAt: number, dueAt: number) =>
    silenceCounts(
      {
        rules: rules.detection,
        feeds: [{ ...base, state, quietSince: quietSince * minute, backAt: backAt * minute }],
      },
      'ACME',
      dueAt * minute,
    );
  expect(counts('silent', 540, 540, 600)).toBeNull();
  expect(counts('sending', 540, 660, 600)).toBe((660 + 90) * minute);
  expect(counts('sending', 540, 660, 530)).toBe(530 * minute);
  expect(counts('sending', 540, 540, 600)).toBe(600 * minute);
});
