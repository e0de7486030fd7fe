import { expect, it } from 'vitest';
import type { Scorer } from '../../../models/scoring/scorer.ts';
import { VersionSets } from '../../../models/scoring/version-sets.ts';

it('lets go of a shadow once nothing is in shadow, and not before its last answer', async () => {
  const closed: string[] = [];
  const sets = new VersionSets(
    (versions): Promise<Scorer> =>
      Promise.resolve({
        models: [],
        score: () => Promise.resolve([]),
        warm: () => Promise.resolve(),
        close: () => {
          closed.push(versions.join(' '));
          return Promise.resolve();
        },
      }),
    0,
  );
  await sets.putInForce(['late@1']);
  const { done } = await sets.hold(['late@1']);
  sets.putNoneInForce();
  await sets.putInForce(['late@2']);
  expect(closed).toEqual([]);
  done();
  await expect.poll(() => closed).toEqual(['late@1']);
  sets.putNoneInForce();
  await expect.poll(() => closed).toEqual(['late@1', 'late@2']);
  await sets.close();
});
