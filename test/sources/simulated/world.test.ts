import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RecordedDocument } from '../../../sources/recorded-document.ts';
import { createWorld, type World, type WorldOptions } from '../../../sources/simulated/world.ts';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const startAt = Date.UTC(2026, 0, 5);
const small: WorldOptions = { seed: 11, startAt, shipmentsPerDay: 120 };

const digestOf = (documents: readonly RecordedDocument[]): string =>
  createHash('sha256').update(JSON.stringify(documents)).digest('hex');

const runAt = (world: World, cuts: readonly number[], end: number): RecordedDocument[] =>
  [...cuts.toSorted((a, b) => a - b), end].flatMap((until) => world.advance(until));

describe('createWorld', () => {
  it('tells the same story for the same seed and another for another', () => {
    const first = digestOf(createWorld(small).advance(startAt + 2 * dayMs));
    expect(digestOf(createWorld(small).advance(startAt + 2 * dayMs))).toBe(first);
    expect(digestOf(createWorld({ ...small, seed: 12 }).advance(startAt + 2 * dayMs))).not.toBe(first);
  });

  it('does not depend on how advance is cut, with actions in between', () => {
    const end = startAt + 2 * dayMs;
    const openAt = (at: number): string[] => {
      const world = createWorld(small);
      world.advance(at);
      return [...world.truth()].filter((truth) => !truth.ended).map((truth) => truth.shipmentId);
    };
    const actedAt = startAt + 14 * hourMs;
    const targets = openAt(actedAt).slice(0, 40);
    const whole = createWorld(small);
    for (const id of targets) whole.act({ id: `a-${id}`, type: 'expedite', shipmentId: id }, actedAt);
    const expected = digestOf(whole.advance(end));
    const alone = digestOf(createWorld(small).advance(end));
    expect(expected).not.toBe(alone);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: startAt, max: end }), { maxLength: 12 }), (cuts) => {
        const world = createWorld(small);
        const documents = runAt(
          world,
          cuts.filter((cut) => cut < actedAt),
          actedAt - 1,
        );
        for (const id of targets) world.act({ id: `a-${id}`, type: 'expedite', shipmentId: id }, actedAt);
        documents.push(
          ...runAt(
            world,
            cuts.filter((cut) => cut >= actedAt),
            end,
          ),
        );
        expect(digestOf(documents)).toBe(expected);
      }),
      { numRuns: 12 },
    );
  });

  it('sends each document within the span that was asked for, in order, under an id of its own', () => {
    const world = createWorld(small);
    const ids = new Set<string>();
    let previous = startAt - 1;
    for (let until = startAt; until < startAt + dayMs; until += 37 * 60_000) {
      let last = previous;
      for (const document of world.advance(until)) {
        expect(document.heardAt).toBeGreaterThanOrEqual(last);
        expect(document.heardAt).toBeGreaterThan(previous);
        expect(document.heardAt).toBeLessThanOrEqual(until);
        expect(document.source).toMatch(/^[a-z0-9-]{1,64}$/);
        expect(ids.has(document.documentId)).toBe(false);
        ids.add(document.documentId);
        last = document.heardAt;
      }
      previous = until;
    }
    expect(ids.size).toBeGreaterThan(100);
  });

  it('is late about one time in seven, and most of that shows two hours before the promise', () => {
    for (const seed of [1, 2]) {
      const world = createWorld({ seed, startAt, shipmentsPerDay: 600 });
      world.advance(startAt + 9 * dayMs);
      const ended = [...world.truth()].filter((truth) => truth.ended);
      const late = ended.filter((truth) => truth.late);
      expect(ended.length).toBe(world.counts.ended);
      expect(late.length / ended.length).toBeGreaterThan(0.12);
      expect(late.length / ended.length).toBeLessThan(0.18);
      // A cause counts when it alone made three tenths of the lateness.
      const shown = late.filter(({ causes, endedAt, promisedAt }) =>
        causes.some(
          ({ minutes, visibleAt }) =>
            minutes * 60_000 >= 0.3 * (endedAt - promisedAt) &&
            visibleAt !== null &&
            visibleAt < promisedAt - 2 * hourMs,
        ),
      );
      expect(shown.length / late.length).toBeGreaterThan(0.5);
      expect(shown.length / late.length).toBeLessThan(0.8);
    }
  });

  it('lets one carrier collapse on its day, and none when told so', () => {
    const rates = (collapse: WorldOptions['collapse']): readonly [number, number] => {
      const world = createWorld({ seed: 5, startAt, shipmentsPerDay: 700, collapse: collapse ?? null });
      world.advance(startAt + 8 * dayMs);
      const rate = (from: number, to: number): number => {
        const some = [...world.truth()].filter(
          ({ carrier, plannedAt }) =>
            carrier === 'LKRD' && plannedAt >= startAt + from * dayMs && plannedAt < startAt + to * dayMs,
        );
        return some.filter((truth) => truth.late).length / some.length;
      };
      return [rate(0, 4), rate(5, 8)];
    };
    const [before, after] = rates({ scac: 'LKRD', day: 4 });
    expect(after).toBeGreaterThan(2 * before);
    const [calmBefore, calmAfter] = rates(null);
    expect(calmAfter).toBeLessThan(2 * calmBefore);
  });

  it('rescues shipments that would have been late, and never makes one later', () => {
    const world = createWorld({ ...small, shipmentsPerDay: 400 });
    const end = startAt + 6 * dayMs;
    for (let until = startAt; until <= end; until += 2 * hourMs) {
      world.advance(until);
      for (const truth of world.truth()) {
        if (truth.ended || !truth.late || truth.actions.length > 0) continue;
        world.act(
          { id: `x-${truth.shipmentId}`, type: 'expedite', shipmentId: truth.shipmentId },
          until + 60_000,
        );
        world.act(
          { id: `n-${truth.shipmentId}`, type: 'notify_customer', shipmentId: truth.shipmentId },
          until,
        );
      }
    }
    const acted = [...world.truth()].filter((truth) => truth.actions.length > 0);
    const rescued = acted.filter((truth) => truth.rescued);
    expect(rescued.length / acted.length).toBeGreaterThan(0.2);
    expect(acted.every((truth) => truth.endedAt <= truth.untouchedEndedAt)).toBe(true);
    expect(acted.every((truth) => truth.toldAt !== null)).toBe(true);
    for (const { endedAt, untouchedEndedAt, actions } of acted) {
      const savedMin = actions.reduce((sum, action) => sum + action.minutesSaved, 0);
      expect(Math.abs((untouchedEndedAt - endedAt) / 60_000 - savedMin)).toBeLessThan(2);
    }
  });

  it('forgets what has ended when it need not keep the truth', () => {
    const world = createWorld({ ...small, keepTruth: false });
    world.advance(startAt + 6 * dayMs);
    const left = [...world.truth()];
    expect(world.counts.ended).toBeGreaterThan(300);
    expect(left.every((truth) => !truth.ended)).toBe(true);
    expect(left.length).toBe(world.counts.tendered - world.counts.ended);
  });
});
