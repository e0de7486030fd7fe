import { describe, expect, it } from 'vitest';
import { carrierRate, type CarrierRate } from '../../domain/carrier-rate.ts';
import { carriers } from '../../pipelines/carriers.ts';
import { carrierRates } from '../../pipelines/topics.ts';
import { MemoryRun } from '../../runtime/memory/memory-run.ts';
import { monday } from '../domain/sample-shipment.ts';
import { rules } from '../rules/shipped-rules.ts';
import { crashEverywhere } from '../support/crash-everywhere.ts';
import { day, deliveryHeard, type Heard, hour, planHeard } from './carriers-story.ts';

/** Runs what was heard, and lets log time come to `until` after the first Monday in steps of an hour. */
const ratesOf = (
  story: readonly Heard[],
  { until = 2 * day, partitions = 2, cut = () => false as boolean } = {},
): CarrierRate[] => {
  const said: CarrierRate[] = [];
  const run = new MemoryRun(carriers(rules), {
    partitions,
    onRows: (topic, { size, body }) => {
      if (topic !== carrierRates.name) return;
      for (let index = 0; index < size; index++) said.push(carrierRate.parse(body.row(index)));
    },
  });
  let next = 0;
  for (let now = 0; now <= until; now += hour) {
    for (; next < story.length && story[next]!.heardAt <= monday + now; next++) {
      if (cut()) run.flush();
      const { topic, row, heardAt } = story[next]!;
      run.push(topic.name, row, heardAt);
    }
    run.tick(monday + now);
  }
  run.close();
  return said;
};

const cell = 'ACME|AAA-ZZZ|standard';
const told = (said: readonly CarrierRate[], key = cell): readonly (readonly [number, number, number])[] =>
  said
    .filter((one) => one.key === key)
    .map(({ heardAt, shipments, inTime }) => [(heardAt - monday) / hour, shipments, inTime]);

describe('carriers', () => {
  const two = [
    planHeard('S1', 0),
    planHeard('S2', 0, { lane: 'AAA-YYY' }),
    // Delivered at 17:00 and heard of at 20:00; delivered at 18:00 and heard of a day later.
    deliveryHeard('S1', 20 * hour, 1_020),
    deliveryHeard('S2', 44 * hour, 1_080),
  ];

  it('counts a delivery when it is heard of, for its carrier, its lane, both and all', () => {
    const said = ratesOf(two);
    expect(told(said)).toEqual([[20, 1, 1]]);
    expect(told(said, 'ACME|AAA-YYY|standard')).toEqual([[44, 1, 0]]);
    expect(told(said, '*|AAA-YYY|*')).toEqual([[44, 1, 0]]);
    const both = [
      [20, 1, 1],
      [44, 2, 1],
    ];
    expect(told(said, 'ACME|*|*')).toEqual(both);
    expect(told(said, '*|*|*')).toEqual(both);
    expect(said.find(({ key }) => key === '*|*|*')).toMatchObject({ share: 1, carrier: '*', service: '*' });
  });

  it('lets a corrected arrival take the place of the earlier one, on the day on which that was known', () => {
    const corrected = deliveryHeard('S1', 45 * hour, 1_200, { id: `end-S1-${20 * hour}` });
    const said = ratesOf([...two, corrected], { until: 40 * day });
    expect(told(said)).toEqual([
      [20, 1, 1],
      [45, 1, 0],
      // Known on the first day of January: it counts until the end of the 28th.
      [28 * 24, 0, 0],
    ]);
  });

  it('takes back an arrival that was taken back, and ends with nothing', () => {
    const back = deliveryHeard('S1', 21 * hour, 1_020, {
      id: 'back',
      status: 'in_transit',
      milestone: null,
      retracts: `end-S1-${20 * hour}`,
    });
    expect(told(ratesOf([...two.slice(0, 3), back]))).toEqual([
      [20, 1, 1],
      [21, 0, 0],
    ]);
  });

  it('tells of a scope once in ten minutes, however much arrives', () => {
    const many = Array.from({ length: 300 }, (_, n) => [
      planHeard(`S${n}`, n),
      deliveryHeard(`S${n}`, 20 * hour + n * 4_000, 1_000 + (n % 3) * 60),
    ])
      .flat()
      .toSorted((a, b) => a.heardAt - b.heardAt);
    const said = ratesOf(many, { until: 22 * hour });
    expect(told(said)).toHaveLength(3);
    expect(told(said).at(-1)?.slice(1)).toEqual([300, 200]);
    let n = 0;
    const cut = ratesOf(many, { until: 22 * hour, partitions: 3, cut: () => (n += 1) % 7 === 0 });
    const sorted = (rates: readonly CarrierRate[]) => rates.map((one) => JSON.stringify(one)).toSorted();
    expect(sorted(cut)).toEqual(sorted(said));
  });

  it('says nothing of shipments that were called off or returned', () => {
    const story = [
      planHeard('S1', 0),
      planHeard('S2', 0),
      deliveryHeard('S1', hour, 50, { status: 'returned' }),
      planHeard('S2', 2 * hour, { cancelled: true }),
    ];
    expect(ratesOf(story)).toEqual([]);
  });

  it('comes to the same rates wherever the process or its machine dies', async () => {
    const story = [
      ...two,
      deliveryHeard('S1', 45 * hour, 1_200, { id: `end-S1-${20 * hour}` }),
      planHeard('S3', 29 * day),
    ];
    const { deaths, content } = await crashEverywhere(carriers(rules), story, {
      partitions: { plans: 2, tracking: 2, '~carriers.by-scope': 2 },
      every: 9,
    });
    expect(deaths).toBeGreaterThan(20);
    expect(Number(content['carrier-rates/0']?.split(' ')[0])).toBeGreaterThan(8);
  });
});
