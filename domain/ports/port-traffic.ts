import type { PortCall } from '../port-call.ts';
import type { PortStatus } from '../port-status.ts';
import { stableId } from '../stable-id.ts';

interface Visit {
  /** It came to anchor, or to a berth at once. */
  readonly since: number;
  readonly lies: PortCall['place'] | null;
}

interface Ended {
  readonly at: number;
  readonly hours: number;
}

/** A port's vessels, and how long the visits of the last two months took. Bounded by vessels in port and by `ENDED_KEPT`. */
export interface PortTraffic {
  readonly visits: Readonly<Record<string, Visit>>;
  /** By end, earliest first. */
  readonly ended: readonly Ended[];
}

export const noTraffic: PortTraffic = { visits: {}, ended: [] };

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const LATELY_MS = 7 * DAY_MS;
const USUALLY_MS = 60 * DAY_MS;
const ENDED_KEPT = 2_000;
/** A vessel that lies for so long is laid up, or its end was missed. */
const LONGEST_VISIT_MS = 30 * DAY_MS;
/** Before so many visits nobody knows what is usual. */
const VISITS_TO_KNOW = 10;
const CONGESTED_FROM = 1.5;

const median = (values: readonly number[]): number => {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? 0) + upper) / 2;
};

/** After one more call; what is older than two months is forgotten. A vessel that leaves the anchorage and berths stays one visit. */
export const advanceTraffic = (before: PortTraffic, call: PortCall): PortTraffic => {
  const { [call.vessel]: visit, ...others } = before.visits;
  const kept = Object.fromEntries(
    Object.entries(others).filter(([, { since }]) => since + LONGEST_VISIT_MS > call.at),
  );
  const ended = before.ended.filter(({ at }) => at + USUALLY_MS > call.at);
  if (call.change === 'begun') {
    const since = Math.min(visit?.since ?? call.at, call.at);
    return { visits: { ...kept, [call.vessel]: { since, lies: call.place } }, ended };
  }
  if (visit === undefined) return { visits: kept, ended };
  // Its berth is over, and so is the visit; from the anchorage it goes to a berth, or away.
  if (call.place === 'anchorage')
    return {
      visits: {
        ...kept,
        [call.vessel]: { ...visit, lies: visit.lies === 'anchorage' ? null : visit.lies },
      },
      ended,
    };
  const hours = (call.at - visit.since) / HOUR_MS;
  const all = [...ended, { at: call.at, hours }].toSorted((a, b) => a.at - b.at);
  return { visits: kept, ended: all.slice(-ENDED_KEPT) };
};

/**
 * How the port does. Dwell now: the median of the visits that ended within a week and of those that last longer already, so that a port
 * that moves nothing is not taken for a quick one. Usual: the median of two months; 0 while fewer than ten visits are known, and then the
 * port is never called congested. Congested: dwell from one and a half times the usual on.
 */
export const statusOf = (traffic: PortTraffic, { port, at, heardAt, source }: PortCall): PortStatus => {
  const { visits, ended } = traffic;
  const usual = ended.length < VISITS_TO_KNOW ? 0 : median(ended.map(({ hours }) => hours));
  const lasting = Object.values(visits)
    .map(({ since }) => (at - since) / HOUR_MS)
    .filter((hours) => usual > 0 && hours > usual);
  const lately = ended.filter((one) => one.at + LATELY_MS > at).map(({ hours }) => hours);
  const dwell = median([...lately, ...lasting]);
  return {
    id: stableId('port-status', port, at, 'vessels'),
    at,
    heardAt,
    source,
    port,
    state: usual > 0 && dwell >= CONGESTED_FROM * usual ? 'congested' : 'open',
    vesselsWaiting: Object.values(visits).filter(({ lies }) => lies === 'anchorage').length,
    dwellHours: dwell,
    usualDwellHours: usual,
    note: 'from port calls of vessels',
  };
};
