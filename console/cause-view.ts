import type { Action } from '../domain/action.ts';
import type { CauseRecord } from '../domain/cause-record.ts';
import type { ShipmentException } from '../domain/exception.ts';
import { type Money, sumByCurrency } from '../domain/money.ts';
import type { CauseView } from './page/contract.ts';

/**
 * One line for the many exceptions of a cause. What is open is counted from the exceptions themselves, so that the
 * line and those under it never disagree; the cause's own record adds when it began.
 */
export const causeViewOf = (
  id: string,
  exceptions: readonly ShipmentException[],
  actionsOf: (exceptionId: string) => readonly Action[],
  record: CauseRecord | undefined,
): CauseView => {
  const valueByShipment = new Map<string, Money>();
  const linesLateByShipment = new Map<string, number>();
  const customers = new Set<string>();
  const categories = new Map<string, number>();
  const waitingByRole: Record<string, number> = {};
  let unanswered = 0;
  let worstSeverity = 0;
  let firstRaisedAt = Infinity;
  for (const exception of exceptions.toSorted((a, b) => (a.id < b.id ? -1 : 1))) {
    const { shipmentId, customerId, valueMinor, currency, impact } = exception;
    // Two exceptions of one shipment share its lines and its value: they are counted once.
    const linesLate = Math.max(linesLateByShipment.get(shipmentId) ?? 0, impact.linesLate);
    linesLateByShipment.set(shipmentId, linesLate);
    if (valueMinor !== null && currency !== null) {
      valueByShipment.set(shipmentId, { minor: valueMinor, currency });
    }
    if (customerId !== null) customers.add(customerId);
    for (const customer of impact.customers) customers.add(customer);
    categories.set(exception.category, (categories.get(exception.category) ?? 0) + 1);
    if (exception.state === 'open') unanswered += 1;
    worstSeverity = Math.max(worstSeverity, exception.severity);
    firstRaisedAt = Math.min(firstRaisedAt, exception.raisedAt);
    for (const { state, role } of actionsOf(exception.id)) {
      if (state !== 'awaiting_approval') continue;
      const who = role ?? 'any';
      waitingByRole[who] = (waitingByRole[who] ?? 0) + 1;
    }
  }
  const [category = record?.category ?? 'other'] = [...categories]
    .toSorted(([a, x], [b, y]) => y - x || (a < b ? -1 : 1))
    .map(([name]) => name);
  return {
    id,
    kind: id.slice(0, Math.max(0, id.indexOf(':'))) || 'other',
    category,
    open: exceptions.length,
    unanswered,
    shipments: linesLateByShipment.size,
    customers: customers.size,
    linesLate: [...linesLateByShipment.values()].reduce((sum, lines) => sum + lines, 0),
    valueByCurrency: sumByCurrency(valueByShipment.values()),
    worstSeverity,
    firstRaisedAt: Math.min(firstRaisedAt, record?.firstRaisedAt ?? Infinity),
    waitingByRole,
  };
};

/** The gravest first; among equals the larger, then by id, so that the order is total. */
export const gravestCauseFirst = (a: CauseView, b: CauseView): number =>
  b.worstSeverity - a.worstSeverity || b.open - a.open || (a.id < b.id ? -1 : 1);
