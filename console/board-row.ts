import type { Action } from '../domain/action.ts';
import type { ShipmentException } from '../domain/exception.ts';
import type { Outcome } from '../domain/outcome.ts';
import type { DispatchView, NoteView } from './page/contract.ts';

/** An action, and what became of it on its way out. */
export type BoardAction = Action & { readonly dispatch: DispatchView | null };

/** An exception with everything that was done and said about it, and the end of its shipment once it is known. */
export interface BoardRow {
  readonly exception: ShipmentException;
  readonly actions: readonly BoardAction[];
  readonly notes: readonly NoteView[];
  readonly outcome: Outcome | null;
}

/** Which states still want somebody's eye; a resolved one only waits for its outcome. */
const open: Record<ShipmentException['state'], boolean> = {
  open: true,
  acknowledged: true,
  mitigated: true,
  snoozed: true,
  resolved: false,
  closed: false,
  withdrawn: false,
};

export const isOpen = (exception: ShipmentException): boolean => open[exception.state];

/** Whether an action in this state has left the house. */
const left: Record<Action['state'], boolean> = {
  proposed: false,
  awaiting_approval: false,
  due: false,
  sent: true,
  uncertain: false,
  failed: false,
  expired: false,
  confirmed: true,
  cancelled: false,
  refused: false,
  held_out: false,
  suppressed: false,
};

export const hasLeft = (action: Action): boolean => left[action.state];

/** The gravest first; among equals the one that waits longest, then by id, so that the order is total. */
export const gravestFirst = (a: ShipmentException, b: ShipmentException): number =>
  b.severity - a.severity || a.raisedAt - b.raisedAt || (a.id < b.id ? -1 : 1);
