import { expect, it } from 'vitest';
import { z } from 'zod';
import { map } from '../../operators/map.ts';
import { pipeline } from '../../runtime/pipeline.ts';
import { topic } from '../../runtime/topic.ts';
import { crashEverywhere } from '../support/crash-everywhere.ts';

const parcel = z.object({ id: z.string(), at: z.number(), kg: z.number() });
const parcels = topic('parcels', { schema: parcel, key: (row) => row.id });
const heavy = topic('heavy', { schema: parcel, key: (row) => row.id });

const weigh = pipeline('weigh', { from: { parcels } }, (from) => [
  from.parcels.through(map((row) => ({ ...row, kg: Math.ceil(row.kg) }))).to(heavy),
]);

it('weighs the same parcels, whatever dies', async () => {
  const input = [1.2, 30.5, 7].map((kg, index) => ({
    topic: parcels,
    heardAt: 1_000 + index,
    row: { id: `p${index}`, at: 1_000 + index, kg },
  }));
  const { deaths, content } = await crashEverywhere(weigh, input);
  expect(deaths).toBeGreaterThan(30);
  expect(content['heavy/0']).toMatch(/^3 /);
});
