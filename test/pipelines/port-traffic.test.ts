import { describe, expect, it } from 'vitest';
import { portCall, type PortCall } from '../../domain/port-call.ts';
import { portStatus } from '../../domain/port-status.ts';
import { vesselPosition, type VesselPosition } from '../../domain/vessel-position.ts';
import { portTraffic } from '../../pipelines/port-traffic.ts';
import { runKernel } from '../support/kernel-run.ts';

const [vessels, calls] = portTraffic();
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const source = { feed: 'ais', document: 'd', position: 0, decoder: 'ais/1', mapping: null };

const reportAt = (hour: number, more: Partial<VesselPosition> = {}): VesselPosition =>
  vesselPosition.parse({
    id: `p-${hour}-${more.mmsi ?? ''}`,
    at: hour * HOUR,
    heardAt: hour * HOUR,
    source,
    mmsi: '367001234',
    latitude: 33.7,
    longitude: -118.2,
    port: 'USLAX',
    speedKn: 0,
    navigation: 1,
    ...more,
  });
const berthed = { navigation: 5 };
const underWay = { navigation: 0, speedKn: 12 };

const callsOf = (reports: readonly VesselPosition[]) => {
  const rows = reports.map((row) => ({ topic: 'vessel-positions', heardAt: row.heardAt, row }));
  const { answers, failures } = runKernel(vessels, rows, {
    endsAt: 40 * DAY,
    restarts: new Map([[Math.floor(rows.length / 2), 'deltas']]),
  });
  expect(failures).toEqual([]);
  return answers
    .map(({ row }) => portCall.parse(row))
    .map(({ at, vessel, port, place, change }) => [at / HOUR, vessel, port, place, change]);
};
const me = 'mmsi:367001234';

describe('port-calls', () => {
  it('tells when a vessel came to anchor, to its berth, and left', () => {
    expect(callsOf([reportAt(6), reportAt(12), reportAt(20, berthed), reportAt(28, underWay)])).toEqual([
      [6, me, 'USLAX', 'anchorage', 'begun'],
      [20, me, 'USLAX', 'anchorage', 'ended'],
      [20, me, 'USLAX', 'berth', 'begun'],
      [28, me, 'USLAX', 'berth', 'ended'],
    ]);
  });

  it('goes by the IMO number from when it is known, and to the end of a stay by the name it began with', () => {
    const voyage = reportAt(7, { latitude: null, longitude: null, port: null, imo: '9321483' });
    const found = callsOf([reportAt(6), voyage, reportAt(8, underWay), reportAt(9)]);
    expect(found.map(([at, vessel]) => [at, vessel])).toEqual([
      [6, me],
      [8, me],
      [9, 'imo:9321483'],
    ]);
  });

  it.each([
    ['at sea', reportAt(6, { port: null })],
    ['still under way by its log, though it has stopped', reportAt(6, { navigation: 0 })],
    ['moored by its log, though it moves', reportAt(6, { navigation: 5, speedKn: 8 })],
  ])('begins nothing for a vessel %s', (_, report) => {
    expect(callsOf([report])).toEqual([]);
  });

  it('does not end a stay because the vessel swings, nor by a position that comes too late', () => {
    const late = { ...reportAt(3, underWay), heardAt: 8 * HOUR };
    expect(callsOf([reportAt(6), reportAt(7, { speedKn: 1.2, navigation: 0 }), late])).toHaveLength(1);
  });

  it('ends a stay of a vessel that forgot to say so and left the port', () => {
    expect(callsOf([reportAt(6), reportAt(9, { port: null })]).at(-1)).toEqual([
      9,
      me,
      'USLAX',
      'anchorage',
      'ended',
    ]);
  });
});

const call = (hour: number, vessel: string, place: PortCall['place'], change: PortCall['change']): PortCall =>
  portCall.parse({
    id: `${vessel}-${place}-${change}-${hour}`,
    at: hour * HOUR,
    heardAt: hour * HOUR,
    source,
    port: 'USLAX',
    vessel,
    place,
    change,
  });
/** A visit: so long at anchor, then so long at a berth. */
const visit = (from: number, vessel: string, anchored: number, atBerth: number): readonly PortCall[] => [
  call(from, vessel, 'anchorage', 'begun'),
  call(from + anchored, vessel, 'anchorage', 'ended'),
  call(from + anchored, vessel, 'berth', 'begun'),
  call(from + anchored + atBerth, vessel, 'berth', 'ended'),
];
const statusAfter = (all: readonly PortCall[]) => {
  const rows = all
    .toSorted((a, b) => a.at - b.at)
    .map((row) => ({ topic: 'port-calls', heardAt: row.heardAt, row }));
  const { answers } = runKernel(calls, rows, { endsAt: (rows.at(-1)?.heardAt ?? 0) + 1 });
  return portStatus.parse(answers.at(-1)?.row);
};
const quietWeeks = Array.from({ length: 20 }, (_, n) => visit(n * 40, `imo:${1_000_000 + n}`, 4, 20)).flat();

describe('port-traffic', () => {
  it('knows nothing of what is usual before ten visits, and calls no port congested', () => {
    expect(statusAfter(visit(0, 'imo:1', 100, 100))).toMatchObject({
      state: 'open',
      dwellHours: 200,
      usualDwellHours: 0,
    });
  });

  it('counts who waits at anchor, and how long visits take', () => {
    const all = [
      ...quietWeeks,
      call(801, 'imo:7', 'anchorage', 'begun'),
      call(802, 'imo:8', 'anchorage', 'begun'),
    ];
    expect(statusAfter(all)).toMatchObject({
      port: 'USLAX',
      state: 'open',
      vesselsWaiting: 2,
      dwellHours: 24,
      usualDwellHours: 24,
    });
  });

  it('sees that nothing moves although no visit ends: those that last are part of the median', () => {
    const stuck = [10, 11, 12, 13, 14, 15, 16].map((n) => call(801 + n, `imo:9${n}`, 'anchorage', 'begun'));
    const later = call(900, 'imo:99', 'anchorage', 'begun');
    expect(statusAfter([...quietWeeks, ...stuck])).toMatchObject({ state: 'open', vesselsWaiting: 7 });
    expect(statusAfter([...quietWeeks, ...stuck, later])).toMatchObject({
      state: 'congested',
      vesselsWaiting: 8,
      usualDwellHours: 24,
    });
  });

  it('takes a vessel for gone whose end nobody told for a month', () => {
    const all = [call(0, 'imo:5', 'anchorage', 'begun'), call(31 * 24, 'imo:6', 'anchorage', 'begun')];
    expect(statusAfter(all).vesselsWaiting).toBe(1);
  });
});
