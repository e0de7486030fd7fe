import { beforeAll, describe, expect, it } from 'vitest';
import { versionedId } from '../../../domain/event-version.ts';
import { stableId } from '../../../domain/stable-id.ts';
import { trackingEvent } from '../../../domain/tracking-event.ts';
import { applyMigrations } from '../../../sinks/clickhouse/migrations.ts';
import { type EventsBefore, shipmentEvents } from '../../../sinks/clickhouse/shipment-events.ts';
import { clickHouseForTests } from './clickhouse-here.ts';
import { rowsInto } from './story-fixture.ts';
import { noonOf } from './tracking-fixture.ts';

const { server, client } = await clickHouseForTests();

const told = (id: string, day: number, change: object = {}) =>
  trackingEvent.parse({
    id,
    at: noonOf(day),
    heardAt: noonOf(day),
    source: { feed: 'saia-214', document: 'd1', position: 3, decoder: 'x12/1', mapping: 'x12-214@2' },
    shipmentId: 'S1',
    status: 'departed',
    code: { standard: 'x12-214', status: 'AF', reason: null },
    ...change,
  });
const thread = stableId('event', 'eta');
const [first, second] = [versionedId(thread, noonOf(2)), versionedId(thread, noonOf(3))];

describe.skipIf(server === undefined)('shipmentEvents', () => {
  beforeAll(async () => {
    await applyMigrations(client);
    await rowsInto(client)('tracking_events', [
      told('e1', 1),
      told('e2', 2, { status: 'delivered' }),
      told('e3', 2, { heardAt: noonOf(4), status: 'information', retracts: 'e2' }),
      told(first, 3),
      told(second, 3, { status: 'arrived' }),
      told('of-another', 3, { shipmentId: 'S2' }),
    ]);
  });

  it('are the newest first, with what was corrected and taken back said of each', async () => {
    const { events, next } = await shipmentEvents(client, 'S1', { limit: 10 });
    expect(events.map(({ id, state, by }) => [id, state, by])).toEqual([
      [second, 'stands', null],
      [first, 'corrected', second],
      ['e3', 'retraction', null],
      ['e2', 'retracted', 'e3'],
      ['e1', 'stands', null],
    ]);
    expect(next).toBeNull();
    expect(events[4]).toMatchObject({
      at: noonOf(1),
      heardAt: noonOf(1),
      feed: 'saia-214',
      position: 3,
      mapping: 'x12-214@2',
      code: { standard: 'x12-214', status: 'AF', reason: null },
      estimatedAt: null,
      retracts: null,
    });
  });

  it('come page by page, each once, also those of one moment', async () => {
    const ids: string[] = [];
    let before: EventsBefore | undefined;
    for (let pages = 1; ; pages += 1) {
      const page = await shipmentEvents(client, 'S1', { limit: 2, before });
      ids.push(...page.events.map(({ id }) => id));
      if (page.next === null) {
        expect(pages).toBe(3);
        break;
      }
      before = page.next;
    }
    expect(ids).toEqual([second, first, 'e3', 'e2', 'e1']);
  });

  it('are none of a shipment that nobody told of', async () => {
    expect(await shipmentEvents(client, 'S9', { limit: 2 })).toEqual({ events: [], next: null });
  });
});
