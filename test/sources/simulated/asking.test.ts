import { describe, expect, it } from 'vitest';
import type { RecordedDocument } from '../../../sources/recorded-document.ts';
import { chanceOfAsking } from '../../../sources/simulated/asking.ts';
import type { ShipmentTruth } from '../../../sources/simulated/truth.ts';
import { createWorld, type World } from '../../../sources/simulated/world.ts';

const dayMs = 86_400_000;
const startAt = Date.UTC(2026, 0, 5);
const end = startAt + 7 * dayMs;
const hourMs = 3_600_000;

/** A week of a world in which `tell` is called once an hour. */
const week = (tell: (world: World) => void): { documents: RecordedDocument[]; truths: ShipmentTruth[] } => {
  const world = createWorld({ seed: 9, startAt, shipmentsPerDay: 400 });
  const documents: RecordedDocument[] = [];
  for (let until = startAt + hourMs; until <= end; until += hourMs) {
    documents.push(...world.advance(until));
    tell(world);
  }
  return { documents, truths: [...world.truth()].filter((truth) => truth.ended) };
};

const untold = week(() => undefined);
const told = week((world) => {
  const silent = [...world.truth()].filter((one) => !one.ended && one.late && one.toldAt === null);
  const [first] = silent;
  if (first === undefined) return;
  const covers = silent.map(({ shipmentId }) => ({ actionId: `n-${shipmentId}`, shipmentId }));
  world.act(
    { id: `d-${world.now}`, type: 'notify_customer', shipmentId: first.shipmentId, covers },
    world.now,
  );
});

const share = (truths: readonly ShipmentTruth[], of: (truth: ShipmentTruth) => boolean): number =>
  truths.filter(of).length / truths.length;
const late = (truths: readonly ShipmentTruth[]): ShipmentTruth[] => truths.filter((truth) => truth.late);

describe('customers of the simulated world', () => {
  it('ask about late shipments alone, by the chance that is documented, and less when they were told', () => {
    expect(untold.truths.every((truth) => truth.late || !truth.asked)).toBe(true);
    expect(late(untold.truths).length).toBeGreaterThan(150);
    // Those that come a little late are there before anyone looks for them.
    expect(share(late(untold.truths), ({ asked }) => asked)).toBeGreaterThan(chanceOfAsking.untold * 0.6);
    expect(share(late(untold.truths), ({ asked }) => asked)).toBeLessThan(chanceOfAsking.untold * 1.2);
    expect(late(told.truths).every(({ toldAt }) => toldAt !== null)).toBe(true);
    expect(share(late(told.truths), ({ asked }) => asked)).toBeLessThan(chanceOfAsking.told * 1.6);
    expect(told.truths.some(({ asked }) => asked)).toBe(true);
  });

  it('would have asked, had nobody told them, exactly where they do when nobody does', () => {
    const askedWhenUntold = untold.truths.filter(({ asked }) => asked).map(({ shipmentId }) => shipmentId);
    const counterfactual = told.truths.filter(({ askedUntold }) => askedUntold);
    expect(counterfactual.map(({ shipmentId }) => shipmentId)).toEqual(askedWhenUntold);
    expect(untold.truths.every(({ asked, askedUntold }) => asked === askedUntold)).toBe(true);
  });

  it('change nothing else in the world by being told', () => {
    const without = ({ documents }: typeof told): RecordedDocument[] =>
      documents.filter(({ source }) => source !== 'service-desk');
    expect(without(told)).toEqual(without(untold));
    expect(told.documents.length).toBeLessThan(untold.documents.length);
  });

  it('are all told by one digest, each by the action that it covers', () => {
    const { actions } = late(told.truths)[0]!;
    expect(actions).toMatchObject([{ type: 'notify_customer', minutesSaved: 0 }]);
    expect(actions[0]?.id).toMatch(/^n-shp-/);
  });
});
