import { describe, expect, it } from 'vitest';
import type { DeadLetter } from '../../domain/dead-letter.ts';
import type { Identifier } from '../../domain/event.ts';
import type { IdentityFinding } from '../../domain/identity-finding.ts';
import type { ShipmentPlan } from '../../domain/shipment-plan.ts';
import type { TrackingEvent } from '../../domain/tracking-event.ts';
import { normalise } from '../../pipelines/normalise.ts';
import { MemoryRun } from '../../runtime/memory/memory-run.ts';
import type { Decoded } from '../../sources/decoders/decoder.ts';
import { at, event, hubPlan } from '../domain/sample-shipment.ts';
import { rules } from '../rules/shipped-rules.ts';

const day = 24 * 60;
const hour = 60;

const pro = (value: string): Identifier => ({ issuer: 'ACME', kind: 'pro', value });
const bol = (value: string): Identifier => ({ issuer: 'C1', kind: 'bol', value });
const container = (value: string): Identifier => ({ issuer: 'ACME', kind: 'container', value });

const plan = (
  shipmentId: string,
  identifiers: Identifier[],
  change: Partial<ShipmentPlan> = {},
): Decoded => ({
  type: 'plan',
  position: 0,
  value: hubPlan({ id: `plan-${shipmentId}`, shipmentId, identifiers, ...change }),
});
const scan = (
  id: string,
  minutes: number,
  identifiers: Identifier[],
  change: Partial<TrackingEvent> = {},
): Decoded => ({ type: 'tracking', position: 0, value: event(id, minutes, { identifiers, ...change }) });

/** What was heard, each so many minutes after the start, and what came of it until the last minute. */
const play = (story: readonly (readonly [number, Decoded])[], endsAt = 10 * day, partitions = 1) => {
  const told: [string, string][] = [];
  const tracked: TrackingEvent[] = [];
  const findings: IdentityFinding[] = [];
  const letters: DeadLetter[] = [];
  const run = new MemoryRun(
    normalise({
      decode: ({ bytes }) => JSON.parse(new TextDecoder().decode(bytes)) as readonly Decoded[],
      rules,
      codeVersion: 'test',
      patienceMs: 60 * 60_000,
    }),
    {
      partitions,
      onRows: (topic, { size, body }) => {
        for (let index = 0; index < size; index += 1) {
          const row: unknown = structuredClone(body.row(index));
          if (topic === 'tracking') {
            tracked.push(row as TrackingEvent);
            told.push([(row as TrackingEvent).id, (row as TrackingEvent).shipmentId ?? '']);
          } else if (topic === 'identity-findings') findings.push(row as IdentityFinding);
          else if (topic === 'dead-letters') letters.push(row as DeadLetter);
        }
      },
    },
  );
  for (const [minutes, part] of story) {
    const bytes = new TextEncoder().encode(JSON.stringify([part]));
    const document = { source: 'feed', documentId: String(minutes), contentType: '', bytes };
    run.tick(at(minutes) - 1);
    run.push('raw', { ...document, heardAt: at(minutes) }, at(minutes));
    run.flush();
  }
  run.tick(at(endsAt));
  run.end();
  return { told, tracked, letters, findings, said: findings.map(({ what }) => what) };
};

describe('identity', () => {
  it('gives an event to its shipment by any of its names, whichever comes first, plan or event', () => {
    const byBol = [scan('e1', 90, [pro('1'), bol('B')]), plan('A', [bol('B')])] as const;
    expect(
      play([
        [80, byBol[1]],
        [90, byBol[0]],
      ]),
    ).toMatchObject({ told: [['e1', 'A']], said: [] });
    expect(
      play([
        [90, byBol[0]],
        [100, byBol[1]],
      ]),
    ).toMatchObject({ told: [['e1', 'A']], said: ['held', 'found'] });
  });

  it('believes the best of names that disagree, and says so', () => {
    const { told, findings } = play([
      [10, plan('A', [pro('1')])],
      [20, plan('B', [bol('B')])],
      [90, scan('e1', 90, [bol('B'), pro('1')])],
    ]);
    expect(told).toEqual([['e1', 'A']]);
    expect(findings).toMatchObject([{ what: 'disagreed', shipmentIds: ['A', 'B'] }]);
  });

  it('gives a recycled number to the shipment of its time, and to nobody long after the last', () => {
    const later = { at: at(200 * day), promisedAt: at(204 * day), legs: [], milestones: [] };
    const { told, letters } = play(
      [
        [0, plan('A', [pro('1')])],
        [90, scan('e1', 90, [pro('1')])],
        [150 * day, scan('e2', 150 * day, [pro('1')])],
        [200 * day, plan('B', [pro('1')], later as Partial<ShipmentPlan>)],
        [201 * day, scan('e3', 201 * day, [pro('1')])],
      ],
      210 * day,
    );
    expect(told).toEqual([
      ['e1', 'A'],
      ['e3', 'B'],
    ]);
    expect(letters.map(({ code, reason }) => [code, reason])).toEqual([
      ['FW406', 'no plan claims pro:ACME:1'],
    ]);
  });

  it('tells every shipment in a container of what happens to it, also one that is planned afterwards', () => {
    const { told, tracked } = play([
      [0, plan('A', [container('C')])],
      [1, plan('B', [container('C')])],
      [90, scan('e1', 90, [container('C')])],
      [120, scan('e2', 120, [container('C')], { retracts: 'e1' })],
      [150, plan('D', [container('C')])],
    ]);
    expect(told.map(([, shipment]) => shipment)).toEqual(['A', 'B', 'A', 'B', 'D', 'D']);
    expect(new Set(told.map(([id]) => id)).size).toBe(6);
    const [first, , taken] = tracked;
    expect(taken!.retracts).toBe(first!.id);
  });

  it('takes a container that sails again for the voyage of its time', () => {
    const next = {
      at: at(40 * day),
      promisedAt: at(50 * day),
      milestones: [],
      legs: hubPlan().legs.map((leg) => ({ ...leg, departAt: at(41 * day), arriveAt: at(49 * day) })),
    };
    const { told } = play(
      [
        [0, plan('A', [container('C')])],
        [90, scan('e1', 90, [container('C')])],
        [40 * day, plan('B', [container('C')], next)],
        [42 * day, scan('e2', 42 * day, [container('C')])],
      ],
      60 * day,
    );
    expect(told.map(([, shipment]) => shipment)).toEqual(['A', 'B']);
  });

  it('hears of a shipment that was merged into another as of that', () => {
    const { told } = play([
      [0, plan('A', [pro('1')])],
      [1, plan('B', [bol('B')])],
      [90, scan('e1', 90, [pro('1')])],
      [95, plan('A', [pro('1')], { mergedInto: 'B' })],
      [100, scan('e2', 100, [pro('1')])],
      [110, scan('e3', 110, [], { shipmentId: 'A' })],
    ]);
    expect(told).toEqual([
      ['e1', 'A'],
      ['e2', 'B'],
      ['e3', 'B'],
    ]);
  });

  it('follows a chain of merges to its end, from any of its names and whichever merge was heard first', () => {
    const plans = [
      [0, plan('A', [pro('1')])],
      [1, plan('B', [bol('B')])],
      [2, plan('C', [bol('C')])],
    ] as const;
    const ab = plan('A', [pro('1')], { mergedInto: 'B' });
    const bc = plan('B', [bol('B')], { mergedInto: 'C' });
    const scans = [
      [100, scan('e1', 100, [pro('1')])],
      [101, scan('e2', 101, [bol('B')])],
      [102, scan('e3', 102, [], { shipmentId: 'A' })],
      [103, scan('e4', 103, [bol('C'), pro('1')])],
    ] as const;
    const told = [
      ['e1', 'C'],
      ['e2', 'C'],
      ['e3', 'C'],
      ['e4', 'C'],
    ];
    for (const partitions of [1, 3]) {
      const sorted = (of: ReturnType<typeof play>) => of.told.toSorted(([a], [b]) => (a < b ? -1 : 1));
      const inOrder = play([...plans, [90, ab], [91, bc], ...scans], 10 * day, partitions);
      const other = play([...plans, [90, bc], [91, ab], ...scans], 10 * day, partitions);
      expect([sorted(inOrder), inOrder.said]).toEqual([told, []]);
      expect([sorted(other), other.said]).toEqual([told, []]);
    }
  });

  it('knows of a merge what was heard until then: what was told before stays, and an older plan changes nothing', () => {
    const { told } = play([
      [0, plan('A', [pro('1')])],
      [10, scan('e1', 10, [pro('1')])],
      [20, plan('A', [pro('1')], { mergedInto: 'B', at: at(20) })],
      [21, plan('A', [pro('1')], { at: at(19) })],
      // It happened before the merge, and is heard of after it.
      [30, scan('e2', 15, [pro('1')])],
      [40, plan('B', [bol('B')], { mergedInto: 'C', at: at(40) })],
      [50, scan('e3', 50, [pro('1')])],
      [60, plan('A', [pro('1')], { at: at(60) })],
      [70, scan('e4', 70, [pro('1')])],
    ]);
    expect(told).toEqual([
      ['e1', 'A'],
      ['e2', 'B'],
      ['e3', 'C'],
      ['e4', 'A'],
    ]);
  });

  it('does not follow the merge that closes a loop, and says so once', () => {
    const merged = (minutes: number, from: string, into: string) =>
      [minutes, plan(from, [pro(from)], { mergedInto: into, heardAt: at(minutes) })] as const;
    for (const partitions of [1, 3]) {
      const { told, findings } = play(
        [
          merged(1, 'B', 'C'),
          merged(2, 'C', 'A'),
          merged(3, 'D', 'C'),
          merged(4, 'A', 'B'),
          [5, scan('e1', 5, [pro('A')])],
          [6, scan('e2', 6, [pro('C')])],
          [7, scan('e3', 7, [pro('D')])],
        ],
        10 * day,
        partitions,
      );
      expect(told.map(([, shipmentId]) => shipmentId)).toEqual(['A', 'A', 'A']);
      expect(findings).toMatchObject([
        { what: 'merge_loop', eventId: 'plan-A', feed: 'test', shipmentIds: ['A', 'C', 'B'] },
      ]);
    }
  });

  it('raises a grave event of an unknown shipment at once, and takes that back when the plan comes', () => {
    const damage = scan('e1', 90, [pro('1'), bol('B')], { category: 'damage' });
    const { told, tracked } = play([
      [90, damage],
      [100, plan('A', [bol('B')])],
    ]);
    const unknown = 'unknown:pro:ACME:1';
    expect(told.map(([, shipment]) => shipment)).toEqual([unknown, 'A', unknown]);
    expect(tracked[0]).toMatchObject({ category: 'damage' });
    expect(tracked[1]).toMatchObject({ id: 'e1', category: 'damage' });
    expect(tracked[2]).toMatchObject({ category: null, retracts: tracked[0]!.id });
    const code = { standard: 'x12-214', status: 'SD', reason: 'ZQ' };
    const minor = scan('e2', 90, [pro('2')], { category: 'weather', code, cause: 'unmapped' });
    const held = play([[90, minor]], 100);
    expect(held.told).toEqual([]);
    // What its codes are can be asked before its plan comes.
    expect(held.findings).toMatchObject([{ what: 'held', code, cause: 'unmapped' }]);
  });

  it('takes an event once, and again after it was given up', () => {
    const one = scan('e1', 90, [pro('1'), bol('B')]);
    expect(
      play([
        [0, plan('A', [pro('1')])],
        [90, one],
        [95, one],
      ]),
    ).toMatchObject({ told: [['e1', 'A']] });
    const again = play([
      [90, one],
      [95, one],
      [5 * hour, one],
      [5 * hour + 1, plan('A', [bol('B')])],
    ]);
    expect(again.said).toEqual(['held', 'given_up', 'held', 'found']);
    expect(again.told).toEqual([['e1', 'A']]);
  });

  it('finds the same whichever tasks the names lie in', () => {
    const story = [
      [0, plan('A', [pro('1'), bol('B')])],
      [1, plan('D', [pro('2'), container('C')])],
      [90, scan('e1', 90, [bol('B'), pro('9')])],
      [91, scan('e2', 91, [container('C'), pro('2')])],
      [92, scan('e3', 92, [bol('X'), pro('X')])],
      [93, plan('E', [bol('X')])],
    ] as const;
    const one = play(story);
    const many = play(story, 10 * day, 4);
    expect(new Map(many.told)).toEqual(new Map(one.told));
    expect(many.told).toHaveLength(one.told.length);
    expect(one.told).toHaveLength(3);
  });
});
