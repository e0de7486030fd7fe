import { expect, it } from 'vitest';
import { differencesOf, playLine, recordedHours } from './line-under-kills.ts';

/** `npm run soak -- line-kills` has a thousand. */
const RUNS = 2;
const KILLS = 12;

it('tells every key once and comes to the same rows, wherever the whole line is killed', async () => {
  const documents = recordedHours(7, 60);
  const undisturbed = await playLine(documents);
  // The days are such that something can go wrong in them.
  expect(undisturbed.points).toBeGreaterThan(5_000);
  expect(undisturbed.decisions).toBeGreaterThan(0);
  expect(undisturbed.receiver.counts.size).toBeGreaterThan(15);
  for (const [topic, { length }] of undisturbed.rows) expect(length, topic).toBeGreaterThan(0);
  for (let seed = 1; seed <= RUNS; seed++) {
    const disturbed = await playLine(documents, { seed, count: KILLS, among: undisturbed.points });
    expect(differencesOf(undisturbed, disturbed), `seed ${seed}`).toEqual([]);
    expect(disturbed.kills).toBe(KILLS);
  }
});
