import { type HazardMessage, severityRank } from '../hazard.ts';
import { metOnTheWay } from './met-on-the-way.ts';
import type { WeatherAlert } from '../weather-alert.ts';
import { endangers, nextOf } from './endangers.ts';
import { type Detector, type Finding, look } from './view.ts';

/**
 * Weather on the way that is still ahead, within the times at which the shipment should pass, bad enough to cost it its
 * promise. Not raised: for a storm that is over before, lies on a leg that was passed, or on another part of the leg than
 * it will be on then; where there is time to spare.
 */
export const weatherAhead: Detector = (view) => {
  const { hazards, now, rules } = view;
  const { costHours, certainties, wayShare } = rules.weather;
  const findings = hazards.flatMap((hazard): Finding[] => {
    const leg = metOnTheWay(view, hazard, wayShare);
    const met =
      leg?.met.filter(({ endsAt, certainty }) => endsAt > now && certainties.includes(certainty)) ?? [];
    if (leg === null || met.length === 0) return [];
    const hours = costHours[worstOf(met)];
    if (hours === 0 || !endangers(view, leg.index, hours)) return [];
    return [
      {
        category: 'weather',
        topic: hazard.hazardId,
        kind: 'predicted',
        at: Math.max(...met.map(({ at }) => at)),
        leg: leg.index,
        cause: 'weather',
        effect: 'delay',
        party: 'force_majeure',
        evidence: { alerts: [...new Set(met.map(({ alertId }) => alertId))].toSorted() },
      },
    ];
  });
  const ends = hazards.flatMap(({ messages }) => Object.values(messages).map(({ endsAt }) => endsAt));
  return look(findings, nextOf(ends, now));
};

const worstOf = (met: readonly HazardMessage[]): WeatherAlert['severity'] =>
  met.reduce<WeatherAlert['severity']>(
    (worst, { severity }) => (severityRank[severity] > severityRank[worst] ? severity : worst),
    'unknown',
  );
