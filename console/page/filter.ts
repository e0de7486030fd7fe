import type { RowView } from './contract.ts';
import { hasRole } from './desk-context.ts';

export const views = ['', 'mine', 'unassigned', 'my_role', 'snoozed'] as const;
export type View = (typeof views)[number];

export interface Filter {
  readonly text: string;
  readonly tier: string;
  readonly kind: string;
  readonly waiting: boolean;
  /** Whose work it is; what is snoozed is seen only where it is asked for. */
  readonly view: View;
  readonly me: string;
  readonly roles: readonly string[];
}

export const noFilter: Filter = {
  text: '',
  tier: '',
  kind: '',
  waiting: false,
  view: '',
  me: '',
  roles: [],
};

export const viewOf = (value: string): View => views.find((view) => view === value) ?? '';

export const isWaiting = (row: RowView): boolean =>
  row.actions.some((action) => action.state === 'awaiting_approval');

/** Every word of the text must stand somewhere in the line: `acme weather` finds Acme's weather delays. */
export const matcher = (filter: Filter): ((row: RowView) => boolean) => {
  const { text, tier, kind, waiting } = filter;
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  const isOfView = viewMatcher(filter);
  return (row) => {
    const { exception } = row;
    if (tier !== '' && exception.tier !== tier) return false;
    if (kind !== '' && exception.kind !== kind) return false;
    if (waiting && !isWaiting(row)) return false;
    if (!isOfView(row)) return false;
    if (words.length === 0) return true;
    const line = searchable(row);
    return words.every((word) => line.includes(word));
  };
};

const viewMatcher = ({ view, me, roles }: Filter): ((row: RowView) => boolean) => {
  const isAwake = ({ exception }: RowView): boolean => exception.state !== 'snoozed';
  switch (view) {
    case '':
      return isAwake;
    case 'mine':
      return ({ exception }) => me !== '' && exception.assignee === me;
    case 'unassigned':
      return (row) => isAwake(row) && row.exception.assignee === null;
    case 'my_role':
      return (row) =>
        isAwake(row) &&
        row.actions.some(
          (action) =>
            action.state === 'awaiting_approval' &&
            hasRole(roles, action.role) &&
            !action.approvals.some(({ by }) => by === me),
        );
    case 'snoozed':
      return (row) => !isAwake(row);
  }
};

const searchable = ({ exception: e, actions }: RowView): string =>
  [e.shipmentId, e.customerId, e.carrier, e.lane, e.category, e.cause, e.causeId, e.tier, e.service, e.mode]
    .concat(e.assignee)
    .concat(e.impact.customers)
    .concat(actions.map((action) => action.type))
    .join(' ')
    .replaceAll('_', ' ')
    .toLowerCase();
