import { expect, it } from 'vitest';
import { differencesOf, playLine, recordedHours } from './line-under-kills.ts';

const RUNS = 3;
const KILLS = 10;

it('tells every key once and comes to the same rows, wherever the whole line is killed', async () => {
  const documents = recordedHours(7, 30);
  const undisturbed = await playLine(documents);
  console.log(
    documents.length,
    undisturbed.points,
    undisturbed.decisions,
    undisturbed.receiver.counts.size,
    [...undisturbed.rows].map(([a, b]) => [a, b.length]),
  );
  for (let seed = 1; seed <= RUNS; seed++) {
    const begun = performance.now();
    const killed = await playLine(documents, { seed, count: KILLS, among: undisturbed.points });
    console.log(seed, killed.kills, killed.points, performance.now() - begun);
    expect(differencesOf(undisturbed, killed), `seed ${seed}`).toEqual([]);
  }
});
