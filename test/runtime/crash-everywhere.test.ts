import { describe, expect, it } from 'vitest';
import { map } from '../../operators/map.ts';
import { pipeline } from '../../runtime/pipeline.ts';
import { crashEverywhere } from '../support/crash-everywhere.ts';
import { crashPipelines, crashRows } from '../support/crash-pipelines.ts';
import { heard, left, out } from '../support/law-topics.ts';

describe('a process, or its machine, that dies at a protocol point', () => {
  // Seen red without the sync of a write, of a rename, of a new segment, of a removed one, of a folder above, of what
  // a killed process has left; with an answer before the sync; with a state file that is written in place, or renamed
  // before it is synced; and with a new segment that does not say where offsets stand.
  it.each([1, 2])('comes to the same after its restart, wherever that was (seed %i)', async (seed) => {
    const { deaths, points, content } = await crashEverywhere(crashPipelines(), crashRows(26), { seed });
    expect(deaths).toBeGreaterThan(250);
    for (const what of ['make', 'write', 'sync', 'sync folder', 'rename to', 'remove', 'append', 'commit'])
      for (const moment of ['before', 'after'])
        expect(
          points.some((point) => point.startsWith(`${moment} ${what} `)),
          `${moment} ${what}`,
        ).toBe(true);
    expect(Object.keys(content).sort()).toEqual(['crash-letters/0', 'left/0', 'notes/0', 'out/0', 'right/0']);
    expect(Number(content['out/0']?.split(' ')[0])).toBeGreaterThan(25);
  });

  it('comes to the same with two partitions, one batch at a time and a base with nearly every commit', async () => {
    const { deaths } = await crashEverywhere(crashPipelines(), crashRows(14), {
      partitions: { left: 2, right: 2, out: 2 },
      credit: 1,
      compactAtBytes: 100,
      segmentBytes: 700,
    });
    expect(deaths).toBeGreaterThan(250);
  });

  it('is found out when it does not, with the point and the seed', async () => {
    let rows = 0;
    const forgetful = pipeline('forgetful', { from: { left } }, (from) => [
      from.left
        .through(map((row) => ({ at: row.at, key: row.key, what: `row ${(rows += 1)} of this process` })))
        .to(out),
    ]);
    const sent = [heard(left, 10, 'a', 1), heard(left, 12, 'a', 2)];
    await expect(crashEverywhere(forgetful, sent, { seed: 5 })).rejects.toThrow(
      /^died (before|after) .+ \(point \d+, seed 5\): out\/0 differs from the undisturbed run at 0: .+ instead of .+/,
    );
  });
});
