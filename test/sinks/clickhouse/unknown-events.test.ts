import { beforeAll, describe, expect, it } from 'vitest';
import { type IdentityFinding, identityFinding } from '../../../domain/identity-finding.ts';
import { applyMigrations } from '../../../sinks/clickhouse/migrations.ts';
import { identityDisputes } from '../../../sinks/clickhouse/identity-disputes.ts';
import { unknownEvents } from '../../../sinks/clickhouse/unknown-events.ts';
import { clickHouseForTests } from './clickhouse-here.ts';
import { rowsInto } from './story-fixture.ts';
import { noonOf } from './tracking-fixture.ts';

const { server, client } = await clickHouseForTests();

const found = (eventId: string, what: IdentityFinding['what'], day: number): IdentityFinding =>
  identityFinding.parse({
    id: `${eventId}-${what}`,
    at: noonOf(1),
    heardAt: noonOf(day),
    what,
    eventId,
    feed: 'saia-214',
    carrier: 'SAIA',
    status: 'picked_up',
    category: null,
    names: ['pro:SAIA:123', 'bol:ACME:9'],
    shipmentIds: what === 'found' ? ['S1'] : what === 'held' ? [] : ['S1', 'S2'],
  });

describe.skipIf(server === undefined)('unknownEvents', () => {
  beforeAll(async () => {
    await applyMigrations(client);
    await rowsInto(client)('identity_findings', [
      found('waits-longer', 'held', 2),
      found('waits', 'held', 3),
      found('was-found', 'held', 2),
      found('was-found', 'found', 4),
      found('given-up', 'held', 2),
      found('given-up', 'given_up', 5),
      found('only-disagreed', 'disagreed', 2),
      found('plan-9', 'merge_loop', 3),
    ]);
  });

  it('are those that are held and neither found nor given up, the longest first', async () => {
    expect(await unknownEvents(client, {})).toEqual(
      [
        ['waits-longer', 2],
        ['waits', 3],
      ].map(([eventId, day]) => ({
        eventId,
        feed: 'saia-214',
        carrier: 'SAIA',
        status: 'picked_up',
        category: null,
        names: ['pro:SAIA:123', 'bol:ACME:9'],
        at: noonOf(1),
        heardAt: noonOf(Number(day)),
      })),
    );
  });

  it('of a period are those that began to wait in it', async () => {
    expect((await unknownEvents(client, { from: noonOf(3) })).map(({ eventId }) => eventId)).toEqual([
      'waits',
    ]);
    expect(await unknownEvents(client, { to: noonOf(2) })).toEqual([]);
  });

  it('are listed apart from those whose names disagree and from merges in a loop, the newest first', async () => {
    const all = await identityDisputes(client, {});
    expect(all.map(({ what, eventId, heardAt }) => [what, eventId, heardAt])).toEqual([
      ['merge_loop', 'plan-9', noonOf(3)],
      ['disagreed', 'only-disagreed', noonOf(2)],
    ]);
    expect(all[1]).toMatchObject({ names: ['pro:SAIA:123', 'bol:ACME:9'], shipmentIds: ['S1', 'S2'] });
    const later = await identityDisputes(client, { from: noonOf(3) });
    expect(later.map(({ eventId }) => eventId)).toEqual(['plan-9']);
  });
});
