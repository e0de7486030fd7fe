import { existsSync, readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decode } from '../../../../sources/decoders/decode.ts';
import type { Decoded } from '../../../../sources/decoders/decoder.ts';
import { documentOf, repository, settingsWith } from '../decoder-settings.ts';

/** `npm run soak -- fuzz` has many more. */
const FUZZ_RUNS = Number(process.env['FOREWARN_FUZZ_RUNS'] ?? 250);
const heardAt = Date.parse('2026-03-01T12:00:00Z');
const details = {
  data_source_id: '1',
  event_type: 'work-zone',
  road_names: ['I-90'],
  direction: 'eastbound',
  description: 'Bridge repair',
  update_date: '2026-02-28T10:00:00Z',
};
const times = { start_date: '2026-03-01T06:00:00Z', end_date: '2026-03-04T18:00:00Z' };
const zone = (more: object = {}, core: object = {}) => ({
  id: 'bridge-7',
  type: 'Feature',
  properties: {
    core_details: { ...details, ...core },
    ...times,
    vehicle_impact: 'some-lanes-closed',
    ...more,
  },
  geometry: {
    type: 'LineString',
    coordinates: [
      [-84, 41],
      [-84.1, 41.1],
      [-84.2, 41.2],
    ],
  },
});
const feed = (features: readonly unknown[], head: object = { feed_info: { publisher: 'Ohio DOT' } }) =>
  JSON.stringify({ ...head, type: 'FeatureCollection', features });
const decoded = (text: string): readonly Decoded[] =>
  decode(documentOf(text, { contentType: 'application/geo+json', heardAt }), settingsWith());
const only = (text: string) => {
  const [one, ...others] = decoded(text);
  expect(others).toEqual([]);
  if (one?.type !== 'road') throw new Error(`a road was expected: ${JSON.stringify(one)}`);
  return one.value;
};

describe('a WZDx feed', () => {
  it('is told from alerts by its head, and says where, when and how bad', () => {
    expect(only(feed([zone()]))).toMatchObject({
      roadId: 'wzdx:ohio-dot:bridge-7',
      kind: 'work_zone',
      corridors: ['I-90', 'I-90 eastbound'],
      state: 'slow',
      latitude: 41.1,
      longitude: -84.1,
      at: Date.parse('2026-02-28T10:00:00Z'),
      startsAt: Date.parse('2026-03-01T06:00:00Z'),
      endsAt: Date.parse('2026-03-04T18:00:00Z'),
    });
  });

  it('of version 3 says the same with its fields beside each other', () => {
    const old = { ...zone(), properties: { ...details, ...times, vehicle_impact: 'some-lanes-closed' } };
    const head = { road_event_feed_info: { publisher: 'Ohio DOT' } };
    expect(only(feed([old], head))).toEqual(only(feed([zone()])));
  });

  it.each([
    ['all-lanes-closed', 'closed'],
    ['all-lanes-open', 'open'],
    ['alternating-one-way', 'slow'],
    ['unknown', 'slow'],
  ])('with %s is %s', (impact, state) => {
    expect(only(feed([zone({ vehicle_impact: impact })])).state).toBe(state);
  });

  it('takes a detour for the way round, which is open', () => {
    const detour = zone({ vehicle_impact: 'all-lanes-closed' }, { event_type: 'detour' });
    expect(only(feed([detour])).state).toBe('open');
  });

  it('has one id for one state of a zone, and another after it changed', () => {
    const later = zone({}, { update_date: '2026-03-01T10:00:00Z' });
    expect(only(feed([zone()])).id).toBe(only(feed([zone()])).id);
    expect(only(feed([later])).id).not.toBe(only(feed([zone()])).id);
  });

  it('loses no zone for a bad one: that is a failure with its own bytes', () => {
    const bad = zone({ end_date: 'soon' });
    const [first, second, third] = decoded(feed([zone(), bad, zone()]));
    expect([first?.type, second?.type, third?.type]).toEqual(['road', 'failure', 'road']);
    if (second?.type !== 'failure') return;
    expect(JSON.parse(Buffer.from(second.bytes).toString())).toEqual(bad);
    expect(second.reason).toContain('end_date');
  });

  it('without zones is a heartbeat', () => {
    expect(decoded(feed([]))).toEqual([{ type: 'nothing', position: 0, why: 'heartbeat' }]);
  });

  it('never throws, and counts without gaps, whatever is cut, repeated or turned in it', () => {
    const bytes = Buffer.from(feed([zone(), zone({ vehicle_impact: 'all-lanes-closed' })]));
    fc.assert(
      fc.property(fc.nat(bytes.length), fc.nat(bytes.length), fc.nat(255), (a, b, value) => {
        const cut = Buffer.concat([bytes.subarray(0, a), bytes.subarray(b)]);
        if (cut.length > 0) cut[a % cut.length] = value;
        const all = decode(
          documentOf(cut, { contentType: 'application/geo+json', heardAt }),
          settingsWith({ partners: { 'saia-214': { format: 'wzdx' }, feed: { format: 'wzdx' } } }),
        );
        expect(all.length).toBeGreaterThan(0);
        expect(all.map(({ position }) => position)).toEqual(all.map((_, index) => index));
      }),
      { numRuns: FUZZ_RUNS },
    );
  });
});

const samples = `${repository}../shared/samples/wzdx/`;
const absent = !existsSync(samples);
if (absent) console.warn(`skipped: recorded work zones are not at ${samples}`);

/** Read by eye: zones by state, detours among the open ones. */
const expected: Readonly<Record<string, readonly [slow: number, open: number]>> = {
  'scenario1_simple_linestring_example.geojson': [5, 0],
  'scenario1_simple_multipoint_example.geojson': [5, 0],
  'scenario3_shoulder_bidirectional_linestring_example.geojson': [0, 2],
  'scenario4_detour_linestring_example.geojson': [1, 3],
  'scenario6_multi_lane_closure_linestring_example.geojson': [1, 0],
  'scenario7_mobileoperation_linestring_example.geojson': [2, 0],
};

describe.skipIf(absent)('recorded work zones', () => {
  it('are all in the table', () => {
    expect(readdirSync(samples).toSorted()).toEqual(Object.keys(expected));
  });

  it.each(Object.entries(expected))('%s has %j slow and open', (name, [slow, open]) => {
    const bytes = readFileSync(samples + name);
    const all = decode(
      documentOf(bytes, { contentType: 'application/geo+json', heardAt: Date.parse('2030-01-01T00:00:00Z') }),
      settingsWith(),
    );
    const states = all.map((one) => (one.type === 'road' ? one.value.state : one.type));
    expect(states.filter((state) => state === 'slow')).toHaveLength(slow);
    expect(states.filter((state) => state === 'open')).toHaveLength(open);
    expect(states).toHaveLength(slow + open);
  });
});
