import { beforeAll, describe, expect, it } from 'vitest';
import type { TrackingEvent } from '../../../domain/tracking-event.ts';
import { applyMigrations } from '../../../sinks/clickhouse/migrations.ts';
import { notUnderstood, TEXTS_READ } from '../../../sinks/clickhouse/not-understood.ts';
import { clickHouseForTests } from './clickhouse-here.ts';
import { outcomeOf, rowsInto } from './story-fixture.ts';
import { DAY, eventOf, noonOf } from './tracking-fixture.ts';

const { server, client } = await clickHouseForTests();
const put = rowsInto(client);

const heard = (day: number, shipment: string, fields: Partial<TrackingEvent>): TrackingEvent =>
  eventOf(shipment, noonOf(day), fields);
const coded = (status: string | null, reason: string | null) => ({
  code: { standard: 'x12-214', status, reason },
});

describe.skipIf(server === undefined)('notUnderstood', () => {
  beforeAll(async () => {
    await applyMigrations(client);
    await put('tracking_events', [
      // A reason that nobody mapped, twice for one shipment: two events, one end.
      heard(100, 'a', { ...coded('SD', 'ZQ'), status: 'in_transit', cause: 'unmapped', text: 'No fuel (7)' }),
      heard(101, 'a', { ...coded('SD', 'ZQ'), status: 'in_transit', cause: 'unmapped', text: 'no fuel 8' }),
      heard(101, 'b', { ...coded('SD', 'ZQ'), status: 'in_transit', cause: 'unmapped' }),
      // Both unknown: a finding each.
      heard(101, 'c', { ...coded('ZZ', 'ZQ'), status: 'unmapped', cause: 'unmapped' }),
      // Texts where the codes say little, and where they say enough.
      heard(102, 'd', {
        ...coded('X6', 'BG'),
        status: 'information',
        category: 'unclassified',
        text: 'Strike at depot 3',
      }),
      heard(102, 'e', { status: 'held', text: 'strike at depot 44!' }),
      heard(102, 'f', { status: 'held', category: 'weather', text: 'strike, and snow' }),
      heard(102, 'g', { status: 'delivered', text: 'left with a neighbour' }),
      heard(102, 'h', { status: 'information', text: '4711' }),
      heard(102, 'i', { status: 'unmapped', code: null, text: 'strike at depot 3' }),
      // Understood.
      heard(102, 'j', { ...coded('SD', 'AO'), status: 'in_transit', cause: 'weather', category: 'weather' }),
    ]);
    await put('outcomes', [outcomeOf('a', 30), outcomeOf('b', -5), outcomeOf('d', 10)]);
  });

  const found = async (from = 100, to = 103) =>
    (await notUnderstood(client, { from: from * DAY, to: to * DAY })).map(
      ({ day, standard, status, reason, text, count, breached, ended }) => [
        day,
        standard,
        status,
        reason,
        text,
        count,
        breached,
        ended,
      ],
    );

  it('has a row a day for each unknown code and each text that no category covers', async () => {
    expect(await found()).toEqual([
      [100, 'x12-214', null, 'ZQ', 'No fuel (7)', 1, 1, 1],
      [101, 'x12-214', 'ZZ', null, null, 1, 0, 0],
      [101, 'x12-214', null, 'ZQ', 'No fuel (7)', 1, 0, 0],
      [101, 'x12-214', null, 'ZQ', null, 2, 0, 1],
      [102, null, null, null, 'Strike at depot 3', 3, 1, 1],
    ]);
  });

  it('takes its period only, the end left out', async () => {
    expect((await found(101, 102)).map(([day]) => day)).toEqual([101, 101, 101]);
  });

  it('reads the most frequent texts, and keeps codes whose text is rare', async () => {
    const words = Array.from({ length: TEXTS_READ + 5 }, (_, index) =>
      String(index).replaceAll(/\d/g, (digit) => 'abcdefghij'[Number(digit)]!),
    );
    await put('tracking_events', [
      ...words.flatMap((word) =>
        [0, 1].map((n) => heard(200, `${word}${n}`, { status: 'held', text: `trouble ${word}` })),
      ),
      heard(200, 'rare', {
        ...coded('SD', 'QQ'),
        status: 'in_transit',
        cause: 'unmapped',
        text: 'rare words',
      }),
    ]);
    const rows = await found(200, 201);
    expect(rows).toHaveLength(TEXTS_READ + 1);
    expect(rows.find(([, , , reason]) => reason === 'QQ')).toEqual([
      200,
      'x12-214',
      null,
      'QQ',
      null,
      1,
      0,
      0,
    ]);
  });
});
