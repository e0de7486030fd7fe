import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Action } from '../../domain/action.ts';
import { audienceOf } from '../../domain/courtesy/audience.ts';
import { uselessFrom } from '../../domain/courtesy/quiet-time.ts';
import type { Dispatch } from '../../domain/dispatch.ts';
import { clock, CourtesyStory, hourMs, minuteMs, monday } from './courtesy-story.ts';

/** What the world does about the actions of two customers with three shipments each. */
const happening = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('due' as const),
      shipment: fc.nat(5),
      type: fc.constantFrom('notify_customer', 'notify_consignee', 'rebook'),
      news: fc.constantFrom('delay', 'storm'),
      causeId: fc.constantFrom(null, 'storm', 'storm'),
      severity: fc.constantFrom(40, 60, 90),
      isBudgeted: fc.boolean(),
      expiresInMin: fc.constantFrom(null, null, 5, 500),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('end' as const),
      n: fc.nat(30),
      state: fc.constantFrom('cancelled', 'sent', 'failed', 'expired'),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('again' as const),
      n: fc.nat(30),
      severity: fc.constantFrom(40, 60, 90),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('opt' as const), out: fc.boolean() }) },
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('pass' as const),
      ms: fc.oneof(fc.nat(20 * minuteMs), fc.nat(9 * hourMs)),
    }),
  },
);
type Happening = typeof happening extends fc.Arbitrary<infer T> ? T : never;

interface Told {
  readonly said: readonly Dispatch[];
  readonly heard: readonly Action[];
  readonly latest: ReadonlyMap<string, Dispatch>;
  readonly ends: ReadonlyMap<string, Action['state']>;
  readonly ids: readonly string[];
}

/** Lives through it, with the batch cut where `cuts` says, and afterwards answers and waits until nothing moves. */
const live = (happenings: readonly Happening[], cuts: ReadonlySet<number>): Told => {
  const story = new CourtesyStory();
  const ends = new Map<string, Action['state']>();
  const ids: string[] = [];
  let now = clock('18:00');
  const end = (id: string, state: Action['state']): void => {
    if (ends.has(id)) return;
    ends.set(id, state);
    story.action({ id, state });
  };
  story.at(now);
  for (const [index, one] of happenings.entries()) {
    if (cuts.has(index)) story.cut();
    if (one.do === 'pass') story.at((now += one.ms));
    else if (one.do === 'opt')
      story.directory('c0', [
        { id: 'ann', ...(one.out ? { optOut: ['mail'] } : {}) },
        { id: 'c', role: 'consignee' },
      ]);
    else if (one.do === 'end') {
      const id = ids[one.n];
      if (id !== undefined) end(id, one.state);
    } else if (one.do === 'again') {
      const id = ids[one.n];
      if (id !== undefined && !ends.has(id))
        story.action({ id, facts: { severity: one.severity, promisedAt: null } });
    } else {
      const id = `A${ids.length}`;
      ids.push(id);
      story.action({
        id,
        shipmentId: `S${one.shipment}`,
        exceptionId: `E${one.shipment}`,
        customerId: `c${one.shipment % 2}`,
        type: one.type as Action['type'],
        news: one.type === 'rebook' ? null : one.news,
        causeId: one.causeId,
        facts: { severity: one.severity, promisedAt: null },
        expiresAt: one.expiresInMin === null ? null : now + one.expiresInMin * minuteMs,
        ...(one.isBudgeted ? { playbook: 'sms', step: 'call' } : {}),
      });
    }
  }
  // The dispatcher answers all that is due, until nothing is left to be answered.
  for (let day = 0; day < 12; day++) {
    for (const row of [...story.latest().values()].toSorted((a, b) => (a.id < b.id ? -1 : 1))) {
      if (row.state !== 'due' && row.state !== 'suppressed') continue;
      const state = row.state === 'due' ? 'sent' : 'suppressed';
      const concerned = row.covers.length > 0 ? row.covers.map(({ actionId }) => actionId) : [row.id];
      for (const id of concerned) end(id, state);
    }
    story.at((now += 9 * hourMs));
  }
  return { said: story.said, heard: story.heard, latest: story.latest(), ends, ids };
};

/** What a dispatch of one action says after it has left, as `version state severity`: told plainly, without any step. */
const laterOf = (left: Dispatch, heard: readonly Action[]): string[] => {
  const rows: string[] = [];
  let { version, facts } = left;
  for (const { state, facts: next } of heard) {
    const isEnd = state !== 'due';
    if (isEnd && state !== 'cancelled' && state !== 'expired') break;
    if (!isEnd && next['severity'] === facts['severity']) continue;
    version += 1;
    if (!isEnd) facts = next;
    rows.push(`${version} ${isEnd ? 'cancelled' : 'due'} ${facts['severity']}`);
    if (isEnd) break;
  }
  return rows;
};

const isNight = (at: number): boolean => {
  const minutes = ((at - monday) / minuteMs) % 1_440;
  return minutes >= 21 * 60 || minutes < 7 * 60;
};

const happenings = fc.array(happening, { minLength: 1, maxLength: 40 });

describe('courtesy laws', () => {
  it('says the same however the batches are cut', () => {
    fc.assert(
      fc.property(happenings, fc.array(fc.nat(40)), (all, cuts) => {
        const whole = live(all, new Set());
        const cut = live(all, new Set(cuts));
        const rows = ({ said }: Told) => said.map((row) => JSON.stringify(row)).toSorted();
        expect(rows(cut)).toEqual(rows(whole));
      }),
      { numRuns: 25 },
    );
  });

  it('ends every action in one way, tells no news twice, wakes nobody', () => {
    fc.assert(
      fc.property(happenings, (all) => {
        const { said, latest, ends, ids } = live(all, new Set());
        const versions = new Map<string, number>();
        const firstDue = new Map<string, Dispatch>();
        for (const row of said) {
          expect(row.version).toBeGreaterThan(versions.get(row.id) ?? 0);
          versions.set(row.id, row.version);
          if (row.state === 'due' && !firstDue.has(row.id)) firstDue.set(row.id, row);
        }
        const coverers = new Map<string, string[]>();
        for (const row of firstDue.values())
          for (const { actionId } of row.covers)
            coverers.set(actionId, [...(coverers.get(actionId) ?? []), row.id]);

        for (const id of ids) {
          const row = latest.get(id);
          expect(row, `${id} is spoken of`).toBeDefined();
          const digests = coverers.get(id)?.length ?? 0;
          if (row!.state === 'proposed') expect(digests, `${id} is in one digest`).toBe(1);
          else if (row!.state === 'cancelled') expect(ends.has(id)).toBe(true);
          else {
            expect(['due', 'suppressed']).toContain(row!.state);
            expect(digests, `${id} is in no digest`).toBe(0);
          }
        }

        const told = new Map<string, number>();
        for (const id of ids) {
          const row = latest.get(id)!;
          const audience = audienceOf(row);
          const hasGone = firstDue.has(id) || coverers.has(id);
          if (audience === null || !hasGone || ends.get(id) !== 'sent') continue;
          const key = `${row.shipmentId} ${audience} ${row.news}`;
          told.set(key, (told.get(key) ?? 0) + 1);
        }
        for (const [key, times] of told) expect(times, key).toBe(1);

        for (const row of firstDue.values()) {
          if (audienceOf(row) === null || !isNight(row.heardAt)) continue;
          const each = row.covers.length > 0 ? row.covers.map(({ facts }) => facts) : [row.facts];
          const mayWake = each.some(({ severity }) => severity === 90) || uselessFrom(row) < Infinity;
          expect(mayWake, `${row.id} at ${new Date(row.heardAt).toISOString()}`).toBe(true);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('says of what has left each new word and its withdrawal, once, and nothing else', () => {
    fc.assert(
      fc.property(happenings, (all) => {
        const { said, heard, ids } = live(all, new Set());
        for (const id of ids) {
          const rows = said.filter((row) => row.id === id);
          const at = rows.findIndex(({ state }) => state === 'due');
          const left = rows[at];
          if (left === undefined) continue;
          const since = heard.filter((row) => row.id === id && row.heardAt >= left.heardAt);
          const later = rows.slice(at + 1);
          expect(
            later.map(({ version, state, facts }) => `${version} ${state} ${facts['severity']}`),
            id,
          ).toEqual(laterOf(left, since));
          for (const { thread, recipients, dueAt } of later)
            expect({ thread, recipients, dueAt }).toEqual({
              thread: left.thread,
              recipients: left.recipients,
              dueAt: left.dueAt,
            });
        }
      }),
      { numRuns: 60 },
    );
  });
});
