import { RATE_DAYS } from './carrier-rate.ts';
import { type Feature, featuresFrom } from './feature.ts';

const minuteMs = 60_000;
const feature = featuresFrom({ from: ['plans', 'tracking'], over: 'as of' });
const weatherFeature = featuresFrom({ from: ['plans', 'tracking', 'weather'], over: 'as of' });
const portFeature = featuresFrom({ from: ['plans', 'tracking', 'ports'], over: 'as of' });
const carrierFeature = featuresFrom({ from: ['plans', 'carrier-rates'], over: `${RATE_DAYS}d` });

/** What others say: carriers' estimates and troubles, weather, ports, the carrier's record. */
export const surroundingFeatures: readonly Feature[] = [
  feature(
    'troubles',
    'count',
    'Events that were trouble by themselves.',
    ({ progress }) => progress.troubleCount,
  ),
  feature(
    'events',
    'count',
    'Events heard, with those that reach no milestone.',
    ({ progress }) => progress.eventCount,
  ),
  feature('silence', 'min', 'Since the last event.', ({ progress, now }) =>
    progress.lastAt === null ? NaN : (now - progress.lastAt) / minuteMs,
  ),
  feature('estimate_late', 'min', 'Latest estimate minus promise.', ({ plan, progress }) =>
    progress.estimatedAt === null ? NaN : (progress.estimatedAt - plan.promisedAt) / minuteMs,
  ),
  weatherFeature(
    'weather_severity',
    'code',
    'Worst alert on the remaining path, 0 to 4.',
    ({ weatherOnPath }) => weatherOnPath.severity,
    { type: 'ordinal', otherwise: 0 },
  ),
  weatherFeature(
    'weather_alerts',
    'count',
    'Alerts on the remaining path.',
    ({ weatherOnPath }) => weatherOnPath.count,
    { otherwise: 0 },
  ),
  portFeature('port_dwell', 'ratio', 'Dwell of the port ahead against usual.', ({ portAhead }) => portAhead),
  carrierFeature(
    'carrier_on_time',
    'share',
    'Recent shipments of the carrier in time, on this lane with this service, shrunk to what is usual.',
    ({ record }) => record.onTime,
  ),
];

/** What is known of carriers and lanes beside that. */
export const recordFeatures: readonly Feature[] = [
  carrierFeature(
    'carrier_shipments',
    'count',
    'Delivered shipments behind carrier_on_time.',
    ({ record }) => record.shipments,
    { otherwise: 0 },
  ),
  carrierFeature(
    'carrier_all_lanes',
    'share',
    'Recent shipments of the carrier in time, on all lanes, shrunk to all carriers.',
    ({ record }) => record.carrierOnTime,
  ),
  carrierFeature(
    'lane_on_time',
    'share',
    'Recent shipments of the lane in time, with all carriers, shrunk to all lanes.',
    ({ record }) => record.laneOnTime,
  ),
];
