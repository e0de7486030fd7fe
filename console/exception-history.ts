import type { Board } from './board.ts';
import type { BoardRow } from './board-row.ts';
import type { ShipmentRoutesOptions } from './shipment-routes.ts';
import type { EvidenceView, History, HistoryEntry } from './page/contract.ts';

/** What the tables remember of an exception. They are filled from the log, a second or so behind it. */
export interface Records {
  /** Every version of the exception and of its actions, and every decision about them. */
  history(exceptionId: string): Promise<readonly HistoryEntry[]>;
  /** What stands behind these ids, as far as it is known. */
  evidence(ids: readonly string[]): Promise<readonly EvidenceView[]>;
  /** A page of what was told of a shipment, the newest first. */
  events: ShipmentRoutesOptions['events'];
}

const order: Readonly<Record<HistoryEntry['kind'], number>> = { decision: 0, exception: 1, action: 2 };

/** In the order of log time; a decision before the versions that it made. */
const byTime = (a: HistoryEntry, b: HistoryEntry): number =>
  a.at - b.at ||
  order[a.kind] - order[b.kind] ||
  (a.version ?? 0) - (b.version ?? 0) ||
  (a.id < b.id ? -1 : Number(a.id > b.id));

const placeOf = ({ kind, id, version }: HistoryEntry): string => `${kind} ${id} ${version ?? ''}`;

/**
 * All that is known of one exception: from the tables, and from the board what they have not got yet. When the tables
 * do not answer, what the board knows is still told, and said to be incomplete.
 */
export const historyOf = async (
  board: Board,
  id: string,
  records: Records | undefined,
): Promise<History | undefined> => {
  const row = board.row(id);
  const recorded = await records?.history(id).catch(() => undefined);
  if (row === undefined && (recorded === undefined || recorded.length === 0)) return undefined;
  const entries = new Map<string, HistoryEntry>();
  for (const entry of row === undefined ? [] : entriesOf(row)) entries.set(placeOf(entry), entry);
  for (const entry of recorded ?? []) entries.set(placeOf(entry), entry);
  return { entries: [...entries.values()].toSorted(byTime), complete: recorded !== undefined };
};

const entriesOf = ({ exception, actions, notes }: BoardRow): HistoryEntry[] => {
  const { id, version, heardAt, state, severity, kind, changedBy, changedRef } = exception;
  const { assignee, snoozedUntil, contractVersion, playbook } = exception;
  return [
    {
      kind: 'exception',
      at: heardAt,
      id,
      version,
      row: {
        state,
        severity,
        kind,
        changedBy,
        changedRef,
        assignee,
        snoozedUntil,
        contractVersion,
        playbook,
      },
    },
    ...actions.map((action): HistoryEntry => ({
      kind: 'action',
      at: action.heardAt,
      id: action.id,
      version: action.version,
      row: {
        type: action.type,
        state: action.state,
        role: action.role,
        decidedBy: action.decidedBy,
        decidedReason: action.decidedReason,
        dueAt: action.dueAt,
        sentAt: action.sentAt,
      },
    })),
    ...notes.map((note): HistoryEntry => ({
      kind: 'decision',
      at: note.at,
      id: note.id,
      version: null,
      row: { verdict: note.verdict, by: note.by, note: note.note },
    })),
  ];
};
