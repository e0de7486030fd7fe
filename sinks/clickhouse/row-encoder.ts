import { ForewarnError } from '../../runtime/forewarn-error.ts';
import type { Cell } from './cells.ts';
import type { Column } from './columns.ts';

export type TableRow = Readonly<Record<string, Cell>>;

/** A row of a topic as a row of its table. Throws FW402 naming the field that does not fit. */
export const rowEncoder =
  (columns: readonly Column[]): ((row: unknown) => TableRow) =>
  (row) => {
    const cells: Record<string, Cell> = {};
    for (const { name, path, encode } of columns) {
      try {
        cells[name] = encode(valueAt(row, path));
      } catch (error) {
        if (!(error instanceof TypeError)) throw error;
        throw new ForewarnError('FW402', `field "${path.join('.')}": ${error.message}.`, { cause: error });
      }
    }
    return cells;
  };

const valueAt = (row: unknown, path: readonly string[]): unknown => {
  let value = row;
  for (const key of path) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = (value as Readonly<Record<string, unknown>>)[key];
  }
  return value;
};
