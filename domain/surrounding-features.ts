import { type Feature, feature } from './feature.ts';

const minuteMs = 60_000;

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
  feature(
    'weather_severity',
    'code',
    'Worst alert on the remaining path, 0 to 4.',
    ({ weatherOnPath }) => weatherOnPath.severity,
  ),
  feature(
    'weather_alerts',
    'count',
    'Alerts on the remaining path.',
    ({ weatherOnPath }) => weatherOnPath.count,
  ),
  feature('port_dwell', 'ratio', 'Dwell of the port ahead against usual.', ({ portAhead }) => portAhead),
  feature(
    'carrier_on_time',
    'share',
    'Recent shipments of the carrier in time.',
    ({ carrierOnTime }) => carrierOnTime,
  ),
];
