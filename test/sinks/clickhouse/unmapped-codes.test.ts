import { beforeAll, describe, expect, it } from 'vitest';
import { applyMigrations } from '../../../sinks/clickhouse/migrations.ts';
import { unmappedCodes } from '../../../sinks/clickhouse/unmapped-codes.ts';
import { clickHouseForTests } from './clickhouse-here.ts';
import { rowsInto } from './story-fixture.ts';
import { DAY, eventOf, noonOf } from './tracking-fixture.ts';

const { server, client } = await clickHouseForTests();

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
    ]);
  });

  it('counts each by feed, standard and place, the most frequent first', async () => {
    const { feed } = eventOf('a', 0).source;
    expect(await unmappedCodes(client, {})).toEqual([
      { feed, standard: 'x12-214', place: 'reason', code: 'ZQ', events: 2, lastHeardAt: noonOf(2) },
      { feed, standard: 'x12-214', place: 'status', code: 'ZZ', events: 1, lastHeardAt: noonOf(2) },
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
