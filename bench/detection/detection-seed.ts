import { join } from 'node:path';
import { isFeedSubject } from '../../domain/detection/silent-feed.ts';
import { packageRoot } from '../../runtime/package-root.ts';
import { loadRules } from '../../runtime/rules/load-rules.ts';
import { loadMappings } from '../../sources/decoders/load-mappings.ts';
import type { RecordedDocument } from '../../sources/recorded-document.ts';
import { locationMaster } from '../../sources/places/location-master.ts';
import { carriers } from '../../sources/simulated/carriers.ts';
import { createWorld, type World } from '../../sources/simulated/world.ts';
import { type Alarm, alarmsOf } from './alarms.ts';
import { exceptionsFound } from './detection-line.ts';
import { type Cut, isOfCut, silencesIn, withCut } from './feeds.ts';
import { simulatedLocations, withoutZones } from './plans-without-zones.ts';
import { type Judged, judgeAlarms } from './score.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const START = Date.UTC(2026, 0, 5);
export const WARM_DAYS = 3;
export const MEASURED_DAYS = 3;
/** Until nearly all of what was measured has ended; what has not is late, and counts as it is. */
const TAIL_DAYS = 4;
const FEED_DAYS = 7;
/** A feed that a desk would miss within two hours sends more often than one of the small world. */
export const FEED_SHIPMENTS_A_DAY = 300;

/** A parcel carrier's feed says nothing for two hours, and then all of it. */
const cut: Cut = {
  source: 'nvhx-tracking',
  from: START + 4 * DAY_MS + 18 * HOUR_MS,
  to: START + 4 * DAY_MS + 20 * HOUR_MS,
};

const rulesFolder = join(packageRoot, 'rules');

const documentsOf = (world: World, days: number): readonly RecordedDocument[] => {
  const documents: RecordedDocument[] = [];
  for (let hour = 1; hour <= days * 24; hour += 1) documents.push(...world.advance(START + hour * HOUR_MS));
  return documents;
};

const worldOf = (seed: number, shipmentsPerDay: number): World =>
  createWorld({ seed, startAt: START, shipmentsPerDay, collapse: null });

const shipmentAlarms = (alarms: readonly Alarm[]): ReadonlyMap<string, readonly Alarm[]> => {
  const byShipment = new Map<string, Alarm[]>();
  for (const alarm of alarms) {
    const list = byShipment.get(alarm.shipmentId);
    if (list === undefined) byShipment.set(alarm.shipmentId, [alarm]);
    else list.push(alarm);
  }
  return byShipment;
};

/** What one seed's world came to. */
export interface SeedFindings {
  readonly judged: readonly Judged[];
  /** Raised of a feed in the run that the shipments are judged by, in which none was cut. */
  readonly feedAlarms: number;
}

/** The whole line on the world of one seed: each shipment planned to end on the measured days, with what was raised of it. */
export const runSeed = async (
  folder: string,
  seed: number,
  shipmentsPerDay: number,
): Promise<SeedFindings> => {
  const world = worldOf(seed, shipmentsPerDay);
  const documents = documentsOf(world, WARM_DAYS + MEASURED_DAYS + TAIL_DAYS).map(withoutZones);
  const partners = Object.fromEntries(
    carriers.flatMap(({ source, scac, feed }) =>
      feed.kind === 'x12' ? [[source, { standard: 'x12-214', scac, zone: 'America/Chicago' }]] : [],
    ),
  );
  const versions = await exceptionsFound(folder, documents, {
    rules: loadRules(rulesFolder),
    decoding: {
      mappings: loadMappings(join(rulesFolder, 'mappings')),
      partners,
      places: locationMaster(simulatedLocations),
      defaultZone: 'America/Chicago',
      maxFutureMs: DAY_MS,
    },
  });
  const from = START + (WARM_DAYS + 1) * DAY_MS;
  const alarms = alarmsOf(versions);
  const byShipment = shipmentAlarms(alarms);
  const truths = [...world.truth()].filter(
    ({ plannedAt }) => plannedAt >= from && plannedAt < from + MEASURED_DAYS * DAY_MS,
  );
  return {
    judged: truths.map((truth) => judgeAlarms(truth, byShipment.get(truth.shipmentId) ?? [])),
    feedAlarms: alarms.filter(({ shipmentId }) => isFeedSubject(shipmentId)).length,
  };
};

/** Silences of feeds that are raised when one is cut for two hours: those of the cut, and all others. */
export const cutFeed = (seed: number): { readonly ofCut: number; readonly others: number } => {
  const documents = withCut(documentsOf(worldOf(seed, FEED_SHIPMENTS_A_DAY), FEED_DAYS), cut);
  const { feed } = loadRules(rulesFolder).detection;
  const silences = silencesIn(documents, feed, START + FEED_DAYS * DAY_MS);
  const ofCut = silences.filter((one) => isOfCut(one, cut)).length;
  return { ofCut, others: silences.length - ofCut };
};
