import type { PortStatus } from '../port-status.ts';
import { type Hazard, type HazardMessage, severityRank } from '../hazard.ts';
import { legInHazard, type Moving, remainingLegs } from '../moving.ts';
import { expectedArrival } from '../progress.ts';
import type { Signal } from '../signal.ts';
import type { WeatherAlert } from '../weather-alert.ts';
import { type Raised, signalOf } from './raise.ts';

/** Hazards that stand against a shipment, by category and hazard. */
export type Standing = Readonly<
  Record<
    string,
    { readonly category: string; readonly topic: string; readonly leg: number; readonly evidence: string }
  >
>;

interface Threat {
  readonly raised: Raised;
  readonly evidence: string;
}

/**
 * Hours that a hazard is taken to cost when it is met: our own rough figures, meant to tell a promise that is in danger
 * from one with room to spare. Below `severe` weather is not a reason to warn.
 */
const weatherCostHours: Readonly<Partial<Record<WeatherAlert['severity'], number>>> = {
  severe: 4,
  extreme: 8,
};

/** A port counts when a call takes half as long again as usual, or when it is closed. */
const WORST_DWELL = 1.5;

const HOUR_MS = 3_600_000;

/** Whether so many hours more would carry the delivery past the promise. */
const endangers = ({ plan, progress }: Moving, hours: number, now: number): boolean =>
  expectedArrival(plan, progress, now) + hours * HOUR_MS > plan.promisedAt;

/**
 * Compares what lies ahead of a shipment now with what was said before, and says the difference: a hazard on the
 * remaining path within its expected times that endangers the promise is raised, one that ended, moved away or was passed is cleared.
 */
export const hazards = (
  before: Standing,
  moving: Moving,
  weather: readonly Hazard[],
  ports: readonly PortStatus[],
  now: number,
): { readonly standing: Standing; readonly signals: readonly Signal[] } => {
  const threats = moving.ended
    ? []
    : [...weatherThreats(moving, weather, now), ...portThreats(moving, ports, now)];
  const standing: Record<string, Standing[string]> = {};
  const signals: Signal[] = [];
  for (const { raised, evidence } of threats) {
    const key = `${raised.category}:${raised.topic}`;
    const leg = raised.leg ?? 0;
    standing[key] = { category: raised.category, topic: raised.topic, leg, evidence };
    if (before[key]?.evidence !== evidence) signals.push(signalOf('raised', raised));
  }
  for (const [key, { category, topic, leg }] of Object.entries(before)) {
    if (standing[key] !== undefined) continue;
    signals.push(
      signalOf('cleared', {
        shipmentId: moving.plan.shipmentId,
        category,
        topic,
        leg,
        kind: 'predicted',
        at: now,
        heardAt: now,
      }),
    );
  }
  return { standing, signals };
};

const weatherThreats = (moving: Moving, weather: readonly Hazard[], now: number): Threat[] =>
  weather.flatMap((hazard) => {
    const leg = legInHazard(moving, hazard);
    const met = leg?.met.filter(({ endsAt }) => endsAt > now) ?? [];
    if (leg === null || met.length === 0) return [];
    const hours = weatherCostHours[worstOf(met)];
    if (hours === undefined || !endangers(moving, hours, now)) return [];
    const alerts = [...new Set(met.map(({ alertId }) => alertId))].toSorted();
    const raised: Raised = {
      shipmentId: moving.plan.shipmentId,
      category: 'weather',
      kind: 'predicted',
      at: Math.max(...met.map(({ at }) => at)),
      heardAt: now,
      topic: hazard.hazardId,
      leg: leg.index,
      cause: 'weather',
      effect: 'delay',
      party: 'force_majeure',
      evidence: { alerts },
    };
    return [{ raised, evidence: alerts.join(',') }];
  });

const worstOf = (met: readonly HazardMessage[]): WeatherAlert['severity'] =>
  met.reduce<WeatherAlert['severity']>(
    (worst, { severity }) => (severityRank[severity] > severityRank[worst] ? severity : worst),
    'unknown',
  );

const portThreats = (moving: Moving, ports: readonly PortStatus[], now: number): Threat[] =>
  remainingLegs(moving).flatMap(({ leg, index }) => {
    const status = ports.find((port) => port.port === leg.port);
    if (status === undefined) return [];
    const jammed = status.state === 'closed' || status.dwellHours > WORST_DWELL * status.usualDwellHours;
    const hours = Math.max(0, status.dwellHours - status.usualDwellHours);
    if (!jammed || (status.state !== 'closed' && !endangers(moving, hours, now))) return [];
    const raised: Raised = {
      shipmentId: moving.plan.shipmentId,
      category: 'port_congestion',
      kind: 'predicted',
      at: status.at,
      heardAt: now,
      topic: status.port,
      leg: index,
      cause: 'port_terminal',
      effect: 'delay',
      party: 'terminal',
      evidence: { ports: [status.id] },
    };
    // One episode of a port is one threat, however often its status is repeated.
    return [{ raised, evidence: status.port }];
  });
