import type { CauseView, RowView } from './contract.ts';

/** A line of the list: an exception, or a cause with those of its exceptions that fit the filter. */
export type ListLine =
  | {
      readonly kind: 'row';
      readonly key: string;
      readonly place: string;
      readonly row: RowView;
      readonly under: boolean;
    }
  | {
      readonly kind: 'cause';
      readonly key: string;
      readonly place: string;
      readonly cause: CauseView;
      readonly shown: number;
      readonly isOpen: boolean;
    };

/** The gravest first; among equals the one that waits longest, then by id. */
export const gravestFirst = ({ exception: a }: RowView, { exception: b }: RowView): number =>
  b.severity - a.severity || a.raisedAt - b.raisedAt || (a.id < b.id ? -1 : 1);

/**
 * Puts rows, which come sorted, under their causes: one line for two or more of the same, where its gravest stands.
 * Those of a cause that is open follow it. `place` changes with whatever a line is sorted by.
 */
export const listLines = (
  sorted: readonly RowView[],
  causes: ReadonlyMap<string, CauseView>,
  isOpen: (causeId: string) => boolean,
): ListLine[] => {
  const members = new Map<string, RowView[]>();
  for (const row of sorted) {
    const { causeId } = row.exception;
    if (causeId === null || !causes.has(causeId)) continue;
    const others = members.get(causeId);
    if (others === undefined) members.set(causeId, [row]);
    else others.push(row);
  }
  const lines: ListLine[] = [];
  const placed = new Set<string>();
  for (const row of sorted) {
    const { id, causeId, severity, raisedAt } = row.exception;
    const group = causeId === null ? undefined : members.get(causeId);
    const cause = causeId === null ? undefined : causes.get(causeId);
    if (group === undefined || cause === undefined || group.length < 2) {
      lines.push({ kind: 'row', key: id, place: `${severity} ${raisedAt}`, row, under: false });
      continue;
    }
    if (placed.has(cause.id)) continue;
    placed.add(cause.id);
    const open = isOpen(cause.id);
    const place = `${severity} ${raisedAt} ${cause.id}`;
    lines.push({ kind: 'cause', key: `cause ${cause.id}`, place, cause, shown: group.length, isOpen: open });
    if (!open) continue;
    for (const each of group) {
      const { exception: e } = each;
      lines.push({
        kind: 'row',
        key: e.id,
        place: `${place} ${e.severity} ${e.raisedAt}`,
        row: each,
        under: true,
      });
    }
  }
  return lines;
};
