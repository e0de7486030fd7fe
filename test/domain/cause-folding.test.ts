import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  APART_MS,
  EPISODES_APART_MS,
  type FoldedCause,
  recordOf,
  sayCause,
  unknownCause,
  withChange,
} from '../../domain/cause-folding.ts';
import type { CauseRecord } from '../../domain/cause-record.ts';
import {
  type CauseChange,
  type CauseMembers,
  withException,
  withoutMembers,
} from '../../domain/cause-share.ts';
import { exceptionStates, type ShipmentException } from '../../domain/exception.ts';
import { exceptionOf } from './sample-exception.ts';

const causeIds = ['weather:storm', 'port:USLAX'];
const over = new Set(['resolved', 'closed', 'withdrawn']);

/** Versions of exceptions in order: each of its own shipment's, with a cause, another one, or none. */
const stories = fc
  .array(
    fc.record({
      shipment: fc.integer({ min: 1, max: 4 }),
      number: fc.integer({ min: 1, max: 3 }),
      causeId: fc.constantFrom(...causeIds, null),
      state: fc.constantFrom(...exceptionStates),
      severity: fc.integer({ min: 0, max: 1_000 }).map((tenths) => tenths / 10),
      linesLate: fc.integer({ min: 0, max: 5 }),
      category: fc.constantFrom('weather', 'port_congestion', 'delay'),
    }),
    { maxLength: 40 },
  )
  .map((facts) => {
    const known = new Map<string, ShipmentException>();
    return facts.map(({ shipment, number, linesLate, ...fact }, at) => {
      const id = `E${shipment}-${number}`;
      const before = known.get(id);
      const exception = exceptionOf({
        ...fact,
        id,
        at,
        heardAt: at,
        version: (before?.version ?? 0) + 1,
        category: before?.category ?? fact.category,
        raisedAt: before?.raisedAt ?? at,
        shipmentId: `S${shipment}`,
        // Two customers and two currencies; the third shipment has neither.
        customerId: shipment === 3 ? null : `C${shipment % 2}`,
        valueMinor: shipment === 3 ? null : shipment * 1_000,
        currency: shipment === 3 ? null : shipment === 4 ? 'EUR' : 'USD',
        impact: { ...exceptionOf().impact, linesLate },
      });
      known.set(id, exception);
      return exception;
    });
  });

/** All changes that a story makes, shipment by shipment. */
const changesOf = (story: readonly ShipmentException[]): CauseChange[] => {
  const shipments = new Map<string, CauseMembers>();
  return story.flatMap((exception) => {
    const { members, changes } = withException(shipments.get(exception.shipmentId) ?? {}, exception);
    shipments.set(exception.shipmentId, members);
    return changes;
  });
};

const folded = (changes: readonly CauseChange[], causeId: string): FoldedCause =>
  changes
    .filter((change) => change.causeId === causeId)
    .reduce((cause, change) => withChange(cause, change, change.at), unknownCause);

/** The record counted anew from all versions there ever were; null where nothing ever had the cause. */
const recounted = (story: readonly ShipmentException[], causeId: string): object | null => {
  const joined = new Set(story.filter((one) => one.causeId === causeId).map(({ id }) => id));
  if (joined.size === 0) return null;
  const latest = [...joined].map((id) => story.findLast((one) => one.id === id)!);
  const open = latest.filter((one) => one.causeId === causeId && !over.has(one.state));
  const shipments = [...new Set(open.map(({ shipmentId }) => shipmentId))];
  const first = latest.toSorted((a, b) => a.raisedAt - b.raisedAt)[0]!;
  const valueByCurrency: Record<string, number> = {};
  let linesLate = 0;
  for (const shipment of shipments) {
    const own = open.filter(({ shipmentId }) => shipmentId === shipment);
    linesLate += Math.max(...own.map(({ impact }) => impact.linesLate));
    const { currency, valueMinor } = own[0]!;
    if (currency !== null) valueByCurrency[currency] = (valueByCurrency[currency] ?? 0) + (valueMinor ?? 0);
  }
  return {
    id: causeId,
    kind: causeId.split(':')[0],
    state: open.length > 0 ? 'open' : 'over',
    category: first.category,
    firstRaisedAt: first.raisedAt,
    open: open.length,
    raised: joined.size,
    shipments: shipments.length,
    customers: new Set(open.flatMap(({ customerId }) => customerId ?? [])).size,
    linesLate,
    valueByCurrency,
    worstSeverity: Math.max(0, ...open.map(({ severity }) => severity)),
  };
};

describe('a cause', () => {
  it('is after every version what a recount of all exceptions says', () => {
    fc.assert(
      fc.property(stories, (story) => {
        for (let length = 1; length <= story.length; length += 1) {
          const heard = story.slice(0, length);
          for (const causeId of causeIds) {
            const cause = folded(changesOf(heard), causeId);
            const expected = recounted(heard, causeId);
            if (expected === null) expect(cause).toEqual(unknownCause);
            else expect(recordOf(causeId, cause, 0)).toMatchObject(expected);
          }
        }
      }),
      { numRuns: 150 },
    );
  });

  it('does not depend on which shipment’s changes come first', () => {
    fc.assert(
      fc.property(stories, (story) => {
        const changes = changesOf(story);
        const apart = ['S4', 'S3', 'S2', 'S1'].flatMap((id) =>
          changesOf(story.filter(({ shipmentId }) => shipmentId === id)),
        );
        for (const causeId of causeIds) {
          const { at: _, ...sums } = folded(changes, causeId).sums;
          expect(folded(apart, causeId).sums).toMatchObject(sums);
        }
      }),
      { numRuns: 200 },
    );
  });

  it('hears nothing of a version that changes no number of it, nor of one that was heard before', () => {
    const first = exceptionOf({ causeId: 'port:USLAX' });
    const acknowledged = exceptionOf({ causeId: 'port:USLAX', version: 2, state: 'acknowledged' });
    expect(changesOf([first, acknowledged, first])).toHaveLength(1);
    expect(changesOf([exceptionOf(), exceptionOf({ version: 2, state: 'closed' })])).toEqual([]);
  });

  it('is left for another one, which is joined', () => {
    const [join, leave, joinOther] = changesOf([
      exceptionOf({ causeId: 'weather:storm' }),
      exceptionOf({ causeId: 'port:USLAX', version: 2, severity: 70, at: 5 }),
    ]);
    expect(join).toMatchObject({ causeId: 'weather:storm', before: null, after: { open: 1, raised: 1 } });
    expect(leave).toMatchObject({
      causeId: 'weather:storm',
      before: { open: 1 },
      after: { open: 0, raised: 1 },
    });
    expect(joinOther).toMatchObject({
      causeId: 'port:USLAX',
      at: 5,
      before: null,
      after: { open: 1, worstSeverity: 70 },
    });
  });

  it('loses what is open of a shipment that is forgotten', () => {
    const { members } = withException({}, exceptionOf({ causeId: 'port:USLAX' }));
    expect(withoutMembers(members, 9)).toMatchObject([
      { causeId: 'port:USLAX', at: 9, before: { open: 1 }, after: { open: 0, raised: 1, linesLate: 0 } },
    ]);
    const closed = withException(
      members,
      exceptionOf({ causeId: 'port:USLAX', version: 2, state: 'closed' }),
    );
    expect(withoutMembers(closed.members, 9)).toEqual([]);
  });
});

describe('what is said of a cause', () => {
  const joining = (shipment: number, at: number): readonly CauseChange[] =>
    changesOf([
      exceptionOf({
        id: `E${shipment}`,
        shipmentId: `S${shipment}`,
        causeId: 'port:USLAX',
        at,
        raisedAt: at,
      }),
    ]);
  const join = (cause: FoldedCause, shipment: number, at: number): FoldedCause =>
    joining(shipment, at).reduce((sum, change) => withChange(sum, change, at), cause);

  it('is said at once, then a second after the last time, and not again', () => {
    const said: CauseRecord[] = [];
    let cause = unknownCause;
    const look = (now: number): number | null => {
      const saying = sayCause('port:USLAX', cause, now);
      cause = saying.cause;
      if (saying.record !== null) said.push(saying.record);
      return saying.lookAgainAt;
    };
    for (let n = 0; n < 10; n += 1) {
      cause = join(cause, n, 5_000 + n * 10);
      expect(look(5_000 + n * 10)).toBe(n === 0 ? null : 5_000 + APART_MS);
    }
    expect(look(6_000)).toBe(null);
    expect(look(9_000)).toBe(null);
    expect(said.map(({ version, shipments, heardAt }) => [version, shipments, heardAt])).toEqual([
      [1, 1, 5_000],
      [2, 10, 6_000],
    ]);
  });

  it('counts a new episode from the start, under a higher version', () => {
    const gone = withException(
      withException({}, exceptionOf({ causeId: 'port:USLAX' })).members,
      exceptionOf({ causeId: 'port:USLAX', version: 2, state: 'closed' }),
    );
    let cause = join(unknownCause, 1, 0);
    for (const change of gone.changes) cause = withChange(cause, change, 100);
    cause = sayCause('port:USLAX', cause, 100).cause;
    expect(cause.said).toMatchObject({ version: 1, state: 'over', open: 0, raised: 1, worstSeverity: 0 });
    const soon = join(cause, 2, 100 + EPISODES_APART_MS - 1);
    expect(recordOf('port:USLAX', soon, 0)).toMatchObject({ version: 2, raised: 2, firstRaisedAt: 0 });
    const later = 100 + EPISODES_APART_MS;
    expect(recordOf('port:USLAX', join(cause, 2, later), 0)).toMatchObject({
      version: 2,
      state: 'open',
      open: 1,
      raised: 1,
      firstRaisedAt: later,
    });
  });
});
