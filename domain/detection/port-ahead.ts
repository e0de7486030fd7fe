import { portsToLeave } from '../moving.ts';
import { endangers } from './endangers.ts';
import { type Detector, type Finding, look } from './view.ts';

/**
 * A port on the way that is closed, or so slow that the promise is in danger, until the goods have left it. Not raised: for
 * a port that was left, or when the delay is within what the plan has to spare.
 */
export const portAhead: Detector = (view) => {
  const { ports, rules } = view;
  const findings = portsToLeave(view).flatMap(({ port: name, leg: index }): Finding[] => {
    const status = ports.find(({ port }) => port === name);
    if (status === undefined) return [];
    const isClosed = status.state === 'closed';
    const isSlow = status.dwellHours > rules.port.worstDwell * status.usualDwellHours;
    const hours = Math.max(0, status.dwellHours - status.usualDwellHours);
    if (!isClosed && !(isSlow && endangers(view, index, hours))) return [];
    return [
      {
        category: 'port_congestion',
        topic: status.port,
        kind: 'predicted',
        at: status.at,
        leg: index,
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
