import { beforeAll, describe, expect, it } from 'vitest';
import { identityFinding, type IdentityFinding } from '../../../domain/identity-finding.ts';
import { applyMigrations } from '../../../sinks/clickhouse/migrations.ts';
import { unmappedCodes } from '../../../sinks/clickhouse/unmapped-codes.ts';
import { clickHouseForTests } from './clickhouse-here.ts';
import { rowsInto } from './story-fixture.ts';
import { DAY, eventOf, noonOf } from './tracking-fixture.ts';

const { server, client } = await clickHouseForTests();

const finding = (eventId: string, what: IdentityFinding['what'], code: string, day: number) =>
  identityFinding.parse({
    id: `${eventId}-${what}`,
    at: noonOf(day),
    heardAt: noonOf(day),
    what,
    eventId,
    feed: 'new-partner',
    carrier: 'NEWP',
    status: 'unmapped',
    category: null,
    code: { standard: 'x12-214', status: code, reason: null },
    names: ['pro:NEWP:1'],
    shipmentIds: [],
  });

describe.skipIf(server === undefined)('unmappedCodes', () => {
  beforeAll(async () => {
    await applyMigrations(client);
    const coded = (status: string, reason: string | null) => ({
      code: { standard: 'x12-214', status, reason },
    });
    await rowsInto(client)('tracking_events', [
      eventOf('a', noonOf(1), { ...coded('SD', 'ZQ'), cause: 'unmapped' }),
      eventOf('b', noonOf(2), { ...coded('ZZ', 'ZQ'), status: 'unmapped', cause: 'unmapped' }),
      eventOf('c', noonOf(3), { ...coded('SD', 'AO'), cause: 'weather' }),
      eventOf('d', noonOf(4), { status: 'unmapped', code: null }),
      eventOf('raised', noonOf(6), { ...coded('Q8', null), status: 'unmapped', shipmentId: 'unknown:pro:1' }),
    ]);
    await rowsInto(client)('identity_findings', [
      finding('waits', 'held', 'Q9', 5),
      finding('in-vain', 'held', 'Q9', 5),
      finding('in-vain', 'given_up', 'Q9', 6),
      finding('raised', 'held', 'Q8', 5),
      // It has become an event of its shipment, and counts there.
      finding('b', 'held', 'ZZ', 2),
      finding('b', 'found', 'ZZ', 3),
    ]);
  });

  it('counts each by feed, standard and place, the most frequent first', async () => {
    const { feed } = eventOf('a', 0).source;
    expect(await unmappedCodes(client, { to: noonOf(5) })).toEqual([
      { feed, standard: 'x12-214', place: 'reason', code: 'ZQ', events: 2, lastHeardAt: noonOf(2) },
      { feed, standard: 'x12-214', place: 'status', code: 'ZZ', events: 1, lastHeardAt: noonOf(2) },
    ]);
  });

  it('counts what waits for a plan, also in vain, and what was found once', async () => {
    const waiting = await unmappedCodes(client, { from: noonOf(5) });
    expect(waiting.map(({ feed, place, code, events }) => [feed, place, code, events])).toEqual([
      ['new-partner', 'status', 'Q9', 2],
      ['new-partner', 'status', 'Q8', 1],
    ]);
  });

  it('of a period alone: from its first moment to before its last', async () => {
    const found = await unmappedCodes(client, { from: noonOf(2), to: noonOf(2) + DAY });
    expect(found.map(({ code, events }) => [code, events])).toEqual([
      ['ZQ', 1],
      ['ZZ', 1],
    ]);
    expect(await unmappedCodes(client, { to: noonOf(1) })).toEqual([]);
  });
});
