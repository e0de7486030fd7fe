import { legInAlert } from '../moving.ts';
import { endangers, nextOf } from './endangers.ts';
import { type Detector, type Finding, look } from './view.ts';

/**
 * Weather on the way that is still ahead, within the times at which the shipment should pass, bad enough to cost it its
 * promise. Not raised: for a storm that is over before, or lies on a leg that was passed; where there is time to spare.
 */
export const weatherAhead: Detector = (view) => {
  const { alerts, now, rules } = view;
  const { costHours, certainties } = rules.weather;
  const findings = alerts.flatMap((alert): Finding[] => {
    const hours = costHours[alert.severity];
    if (hours === 0 || alert.endsAt <= now || !certainties.includes(alert.certainty)) return [];
    if (!endangers(view, hours)) return [];
    const leg = legInAlert(view, alert);
    if (leg === null) return [];
    return [
      {
        category: 'weather',
        topic: alert.hazardId,
        kind: 'predicted',
        at: alert.at,
        leg,
        cause: 'weather',
        effect: 'delay',
        party: 'force_majeure',
        evidence: { alerts: [alert.alertId] },
      },
    ];
  });
  return look(
    findings,
    nextOf(
      alerts.map(({ endsAt }) => endsAt),
      now,
    ),
  );
};
