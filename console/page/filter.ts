import type { RowView } from './contract.ts';

export interface Filter {
  readonly text: string;
  readonly tier: string;
  readonly kind: string;
  readonly waiting: boolean;
}

export const noFilter: Filter = { text: '', tier: '', kind: '', waiting: false };

export const isWaiting = (row: RowView): boolean =>
  row.actions.some((action) => action.state === 'awaiting_approval');

/** Every word of the text must stand somewhere in the line: `acme weather` finds Acme's weather delays. */
export const matcher = ({ text, tier, kind, waiting }: Filter): ((row: RowView) => boolean) => {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  return (row) => {
    const { exception } = row;
    if (tier !== '' && exception.tier !== tier) return false;
    if (kind !== '' && exception.kind !== kind) return false;
    if (waiting && !isWaiting(row)) return false;
    if (words.length === 0) return true;
    const line = searchable(row);
    return words.every((word) => line.includes(word));
  };
};

const searchable = ({ exception: e, actions }: RowView): string =>
  [e.shipmentId, e.customerId, e.carrier, e.lane, e.category, e.cause, e.tier, e.service, e.mode]
    .concat(actions.map((action) => action.type))
    .join(' ')
    .replaceAll('_', ' ')
    .toLowerCase();
