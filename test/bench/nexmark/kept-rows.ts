import type { Row } from '../../../bench/nexmark/oracle/oracle.ts';
import type { RowSink } from '../../../bench/nexmark/row-sum.ts';

const textsOf = (rows: readonly Row[]): readonly string[] => rows.map((row) => row.join(' ')).sort();

/** Keeps whole rows, which a checksum cannot tell apart as surely; compare what `sorted` makes of them. */
export const keptRows = (): RowSink & { sorted(): readonly string[] } => {
  const rows: Row[] = [];
  const add = (...row: readonly number[]): void => {
    rows.push(row);
  };
  return { add: (row) => add(...row), add2: add, add3: add, add4: add, sorted: () => textsOf(rows) };
};
