import type { CauseView } from './contract.ts';
import { hasRole } from './desk-context.ts';
import { countWords } from './impact-words.ts';
import { moneyWords, plainWords } from './plain-words.ts';

/** `weather:KLOT.BZ.W.1` → `Weather KLOT.BZ.W.1`. */
export const causeName = ({ id, kind }: CauseView): string =>
  `${plainWords(kind)} ${id.startsWith(`${kind}:`) ? id.slice(kind.length + 1) : id}`;

/** `214 exceptions · 198 shipments · 31 customers`. */
export const sizeWords = ({ open, shipments, customers }: CauseView): string =>
  [
    countWords(open, 'exception', 'exceptions'),
    countWords(shipments, 'shipment', 'shipments'),
    countWords(customers, 'customer', 'customers'),
  ].join(' · ');

/** `$1,250,000.00 and €40,000.00 at risk · 12 order lines late`. */
export const riskWords = ({ valueByCurrency, linesLate }: CauseView): string => {
  const values = Object.entries(valueByCurrency)
    .filter(([, minor]) => minor > 0)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([currency, minor]) => moneyWords(minor, currency));
  const parts = values.length === 0 ? [] : [`${values.join(' and ')} at risk`];
  if (linesLate > 0) parts.push(`${countWords(linesLate, 'order line', 'order lines')} late`);
  return parts.join(' · ');
};

/** How many of those that wait are for somebody with these roles. */
export const waitingFor = ({ waitingByRole }: CauseView, roles: readonly string[]): number =>
  Object.entries(waitingByRole)
    .filter(([role]) => hasRole(roles, role === 'any' ? null : role))
    .reduce((sum, [, count]) => sum + count, 0);

/** `8 wait for planner, 2 wait for claims`. */
export const waitingWords = ({ waitingByRole }: CauseView): string =>
  Object.entries(waitingByRole)
    .toSorted(([a, x], [b, y]) => y - x || (a < b ? -1 : 1))
    .map(
      ([role, count]) =>
        `${count} ${count === 1 ? 'waits' : 'wait'} for ${role === 'any' ? 'approval' : plainWords(role).toLowerCase()}`,
    )
    .join(', ');
