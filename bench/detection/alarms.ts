import type { ShipmentException } from '../../domain/exception.ts';
import { liveExceptionStates } from '../../domain/lifecycle.ts';

/** One time that an exception was put before somebody: opened, or opened again after it was thought to be over. */
export interface Alarm {
  readonly shipmentId: string;
  /** What it was called at last. */
  readonly category: string;
  readonly leg: number | null;
  /** Whether it was foreseen, when it took that name. */
  readonly isForeseen: boolean;
  readonly raisedAt: number;
  /** From when on it had that name. */
  readonly namedAt: number;
  /** When it was resolved, closed or withdrawn; infinity where it never was. */
  readonly until: number;
}

/**
 * Each time that an exception was raised, from all its versions in the order of the log. Raised 10:00, resolved 12:00, opened
 * again 15:00 → two alarms: who has to look twice was called twice. What was withdrawn was raised, however soon.
 */
export const alarmsOf = (versions: readonly ShipmentException[]): readonly Alarm[] => {
  const done: Alarm[] = [];
  const current = new Map<string, Alarm>();
  for (const { id, shipmentId, category, leg, kind, state, heardAt } of versions) {
    const known = current.get(id);
    if (!liveExceptionStates.has(state)) {
      if (known !== undefined) done.push({ ...known, until: heardAt });
      current.delete(id);
    } else if (known?.category !== category) {
      const raisedAt = known?.raisedAt ?? heardAt;
      const isForeseen = kind === 'predicted';
      const until = Infinity;
      current.set(id, { shipmentId, category, leg, isForeseen, raisedAt, namedAt: heardAt, until });
    }
  }
  return [...done, ...current.values()].toSorted((a, b) => a.raisedAt - b.raisedAt);
};
