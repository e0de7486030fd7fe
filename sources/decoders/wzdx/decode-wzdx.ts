import { roadStatus, type RoadStatus } from '../../../domain/road-status.ts';
import { stableId } from '../../../domain/stable-id.ts';
import { bareJson, jsonOf } from '../bare-json.ts';
import { DecodedRecords } from '../decoded-records.ts';
import type { Decode, Decoded } from '../decoder.ts';
import { futureReason, timeOfEvent } from '../event-time.ts';
import { firstIssue } from '../first-issue.ts';
import { arraySlices } from '../json-slices.ts';
import { feedInfo, type RoadEvent, roadEvent } from './road-event.ts';

/**
 * A WZDx feed: each feature is one road status, whole as it stands now. `at` is when the feature was changed last, so the
 * same feature fetched again has the same id. A bad feature is a failure with its own bytes.
 */
export const decodeWzdx: Decode = (document, settings): readonly Decoded[] => {
  const records = new DecodedRecords(document, 'wzdx/1');
  const json = bareJson(document.bytes);
  const parsed = jsonOf(document);
  if ('broken' in parsed) {
    records.fail('decode', 'FW401', parsed.broken, document.bytes);
    return records.list;
  }
  const info = feedInfo.safeParse(parsed.value);
  const features = (parsed.value as { readonly features?: unknown }).features;
  if (!info.success || !Array.isArray(features)) {
    const said = info.success ? 'features: it is no array' : firstIssue(info.error, parsed.value);
    records.fail('decode', 'FW401', `WZDx feed: ${said}`, document.bytes);
    return records.list;
  }
  let slices: readonly Uint8Array[] | null = null;
  const bytesOf = (index: number): Uint8Array => {
    slices ??= arraySlices(json, 'features');
    return slices[index] ?? document.bytes;
  };
  (features as readonly unknown[]).forEach((value, index) => {
    const event = roadEvent.safeParse(value);
    if (!event.success) {
      records.fail('validate', 'FW402', `WZDx: ${firstIssue(event.error, value)}`, bytesOf(index));
      return;
    }
    const { heardAt } = document;
    const { update_date: changedAt, creation_date: madeAt } = event.data.properties;
    const at = changedAt ?? madeAt ?? info.data.updatedAt ?? heardAt;
    if (timeOfEvent(at, 'instant', heardAt, settings.maxFutureMs) === null) {
      records.fail('validate', 'FW403', futureReason(at, heardAt, settings.maxFutureMs), bytesOf(index));
      return;
    }
    const road = roadStatus.safeParse({
      ...statusOf(event.data, info.data.publisher, at),
      heardAt,
      source: records.provenance(null),
    });
    if (road.success) records.push({ type: 'road', value: road.data });
    else records.fail('validate', 'FW402', `WZDx: ${firstIssue(road.error, null)}`, bytesOf(index));
  });
  if (features.length === 0) records.nothing('heartbeat');
  return records.list;
};

const statusOf = (
  { id: featureId, properties, geometry }: RoadEvent,
  publisher: string,
  at: number,
): Omit<RoadStatus, 'heardAt' | 'source'> => {
  const roadId = `wzdx:${publisher.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-')}:${featureId}`;
  const { direction = null, road_names: roadNames, description } = properties;
  const middle = geometry?.coordinates[Math.floor(geometry.coordinates.length / 2)];
  const told = direction === null || direction === 'unknown' || direction === 'undefined' ? null : direction;
  return {
    id: stableId('road', roadId, at),
    at,
    roadId,
    kind: 'work_zone',
    corridors: corridorsOf(roadNames, told),
    roadNames,
    direction: told,
    zones: [],
    latitude: middle?.[1] ?? null,
    longitude: middle?.[0] ?? null,
    state: stateOf(properties),
    travelMin: null,
    usualMin: null,
    startsAt: properties.start_date,
    endsAt: properties.end_date,
    note: (description ?? '').slice(0, 4_000),
  };
};

/** A plan's leg may follow a road as such, or one direction of it: `I-80` → `I-80` and `I-80 westbound`. */
const corridorsOf = (roadNames: readonly string[], direction: string | null): string[] =>
  roadNames.flatMap((name) => (direction === null ? [name] : [name, `${name} ${direction}`]));

/** `vehicle_impact` of the WZDx specification; a detour is the way round, and open. */
const stateOf = ({
  event_type: type,
  vehicle_impact: impact,
}: RoadEvent['properties']): RoadStatus['state'] => {
  if (type === 'detour') return 'open';
  switch (impact) {
    case 'all-lanes-closed':
      return 'closed';
    case 'all-lanes-open':
      return 'open';
    default:
      return 'slow';
  }
};
