import { describe, expect, it } from 'vitest';
import { type CauseRecord, causeRecord } from '../../domain/cause-record.ts';
import type { ShipmentException } from '../../domain/exception.ts';
import { causes } from '../../pipelines/causes.ts';
import { MemoryRun } from '../../runtime/memory/memory-run.ts';
import { exceptionOf } from '../domain/sample-exception.ts';

const day = 86_400_000;

/** Runs versions of exceptions, each at its `heardAt`, and lets log time come to `until` in steps of `stepMs`. */
const recordsOf = (
  story: readonly ShipmentException[],
  { partitions = 3, until = 10_000, stepMs = 100 } = {},
): CauseRecord[] => {
  const said: CauseRecord[] = [];
  const run = new MemoryRun(causes(), {
    partitions,
    onRows: (topic, { size, body }) => {
      expect(topic).toBe('causes');
      for (let index = 0; index < size; index += 1) said.push(causeRecord.parse(body.row(index)));
    },
  });
  let next = 0;
  for (let now = 0; now <= until; now += stepMs) {
    for (; next < story.length && story[next]!.heardAt <= now; next += 1)
      run.push('exceptions', story[next]!, story[next]!.heardAt);
    run.tick(now);
  }
  run.close();
  return said;
};

const inStorm = (shipment: number, heardAt: number, changes: Partial<ShipmentException> = {}) =>
  exceptionOf({
    id: `E${shipment}`,
    shipmentId: `S${shipment}`,
    customerId: `C${shipment % 40}`,
    causeId: 'weather:storm',
    at: heardAt,
    heardAt,
    raisedAt: heardAt,
    ...changes,
  });

describe('causes', () => {
  it('writes one record for what stands behind many exceptions, and none for those that stand alone', () => {
    const said = recordsOf([
      inStorm(1, 100, { severity: 40 }),
      exceptionOf({ id: 'alone', shipmentId: 'S9', heardAt: 150 }),
      inStorm(2, 5_000, { severity: 70.5, currency: 'EUR' }),
    ]);
    expect(said).toMatchObject([
      { id: 'weather:storm', version: 1, kind: 'weather', state: 'open', open: 1, heardAt: 100 },
      { version: 2, open: 2, shipments: 2, customers: 2, worstSeverity: 70.5, firstRaisedAt: 100 },
    ]);
    expect(said[1]?.valueByCurrency).toEqual({ USD: 10_000, EUR: 10_000 });
  });

  it.each([1, 3])(
    'writes a storm down once a second, not once a shipment, in %i partitions',
    (partitions) => {
      const shipments = 3_000;
      const story = Array.from({ length: shipments }, (_, n) => inStorm(n, n));
      const said = recordsOf(story, { partitions });
      expect(said.length).toBeLessThanOrEqual(1 + shipments / 1_000);
      expect(said[0]).toMatchObject({ version: 1, open: 1, heardAt: 0 });
      expect(said.at(-1)).toMatchObject({
        open: shipments,
        raised: shipments,
        shipments,
        customers: 40,
        valueByCurrency: { USD: shipments * 10_000 },
      });
      for (const [index, { version, heardAt }] of said.entries()) {
        expect(version).toBe(index + 1);
        if (index > 0) expect(heardAt - said[index - 1]!.heardAt).toBeGreaterThanOrEqual(1_000);
      }
    },
  );

  it('is over with the last exception, and goes on under a higher version when it begins again', () => {
    const closed = { version: 2, state: 'closed' } as const;
    const again = 60 * day;
    const said = recordsOf(
      [inStorm(1, 0), inStorm(1, 5_000, closed), inStorm(2, again, { at: again, raisedAt: again })],
      { until: again + day, stepMs: day / 4 },
    );
    expect(said.map(({ version, state, open, raised }) => [version, state, open, raised])).toEqual([
      [1, 'open', 1, 1],
      [2, 'over', 0, 1],
      [3, 'open', 1, 1],
    ]);
  });

  it('gives up a shipment of which nothing was heard for more than a year', () => {
    const said = recordsOf([inStorm(1, 0)], { until: 402 * day, stepMs: day });
    expect(said.map(({ state }) => state)).toEqual(['open', 'over']);
  });

  it('moves an exception from one cause to another', () => {
    const said = recordsOf([inStorm(1, 0), inStorm(1, 2_000, { version: 2, causeId: 'port:USLAX' })]);
    expect(said.map(({ id, state, open }) => `${id} ${state} ${open}`).toSorted()).toEqual([
      'port:USLAX open 1',
      'weather:storm open 1',
      'weather:storm over 0',
    ]);
  });
});
