import type { ShipmentException } from '../../domain/exception.ts';
import { liveExceptionStates } from '../../domain/lifecycle.ts';

/** What an exception was called, from when on, and whether it was foreseen then. */
export interface Name {
  readonly category: string;
  readonly isForeseen: boolean;
  readonly namedAt: number;
}

/** One time that an exception was put before somebody: opened, or opened again after it was thought to be over. */
export interface Alarm {
  readonly shipmentId: string;
  /** What it was called, one after the other: a delay is a breakdown once somebody says so. */
  readonly names: readonly Name[];
  readonly leg: number | null;
  readonly raisedAt: number;
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
    } else if (known?.names.at(-1)?.category !== category) {
      const name = { category, isForeseen: kind === 'predicted', namedAt: heardAt };
      const names = [...(known?.names ?? []), name];
      const raisedAt = known?.raisedAt ?? heardAt;
      current.set(id, { shipmentId, names, leg, raisedAt, until: Infinity });
    }
  }
  return [...done, ...current.values()].toSorted((a, b) => a.raisedAt - b.raisedAt);
};
