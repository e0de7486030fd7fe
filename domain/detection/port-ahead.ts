import { type PortAhead, portsToLeave } from '../moving.ts';
import type { PortStatus } from '../port-status.ts';
import { endangers } from './endangers.ts';
import { type Detector, type Finding, HOUR_MS, look, type View } from './view.ts';

const CATEGORY = 'port_congestion';

/** Whether the goods come soon to a port that is so slow now that the promise is in danger. */
const threatens = (view: View, { leg, expectedAt }: PortAhead, status: PortStatus): boolean => {
  const { worstDwell, aheadHours } = view.rules.port;
  if (expectedAt > view.now + aheadHours * HOUR_MS) return false;
  if (status.dwellHours <= worstDwell * status.usualDwellHours) return false;
  return endangers(view, leg, status.dwellHours - status.usualDwellHours);
};

/**
 * A port on the way that is closed, or so slow that the promise is in danger, and soon reached. Once it was said it stands
 * until the port is clearly better, and for goods that have come to the port until they leave it: they are in the queue.
 * Slow from 1.8 times its usual dwell, better below 1.4: 1.9, 1.7, 1.9 → raised once. Not raised: for a port that was left, for
 * goods that were in it before the queue was, or when the delay is within what the plan has to spare.
 */
export const portAhead: Detector = (view, stood) => {
  const { ports, rules } = view;
  const findings = portsToLeave(view).flatMap((ahead): Finding[] => {
    const status = ports.find(({ port }) => port === ahead.port);
    if (status === undefined) return [];
    const isClosed = status.state === 'closed';
    const isEased = status.dwellHours < rules.port.easedDwell * status.usualDwellHours;
    const stands = stood(CATEGORY, status.port) && (ahead.isThere || !isEased);
    if (!isClosed && !stands && (ahead.isThere || !threatens(view, ahead, status))) return [];
    return [
      {
        category: CATEGORY,
        topic: status.port,
        kind: 'predicted',
        at: status.at,
        leg: ahead.leg,
        cause: 'port_terminal',
        effect: 'delay',
        party: 'terminal',
        evidence: { ports: [status.id] },
        // One episode of a port is one threat, however often its status is repeated.
        sameAs: status.port,
      },
    ];
  });
  return look(findings);
};
