export type Cell = string | number | null;

/** A table of results. Numbers stay whole in the JSON and are rounded to their column's digits only in print. */
export interface Table {
  readonly title: string;
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly Cell[])[];
}

export interface Column {
  readonly name: string;
  /** Digits after the point; 0 where it is left out. */
  readonly digits?: number;
}

const shown = (cell: Cell, digits: number): string => {
  if (cell === null) return '–';
  if (typeof cell === 'string') return cell;
  return cell.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits });
};

/** Aligned plain text: words to the left, numbers to the right. */
export const formatTable = ({ title, columns, rows }: Table): string => {
  const texts = rows.map((row) => columns.map((column, at) => shown(row[at] ?? null, column.digits ?? 0)));
  const widths = columns.map(({ name }, at) => Math.max(name.length, ...texts.map((row) => row[at]!.length)));
  const isWord = columns.map((_, at) => rows.every((row) => typeof (row[at] ?? null) === 'string'));
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, at) => (isWord[at] ? cell.padEnd(widths[at]!) : cell.padStart(widths[at]!)))
      .join('  ')
      .trimEnd();
  const head = line(columns.map(({ name }) => name));
  const rule = widths.map((width) => '─'.repeat(width)).join('  ');
  return [title, head, rule, ...texts.map(line)].join('\n');
};
