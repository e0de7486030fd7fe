import { columnsOf } from './columns.ts';
import { quoted } from './quoted.ts';
import type { Table } from './tables.ts';

/**
 * Insert tokens that a table remembers. A chunk comes again only after a crash or a lost answer, and other
 * partitions may write meanwhile: 10,000 covers forty minutes at four inserts a second.
 */
export const TOKENS_REMEMBERED = 10_000;

/** The statement that makes a table, one that ships or another. Migrations keep its text frozen. */
export const createTable = ({
  name,
  schema,
  keeps,
  orderBy,
  audited,
  comment,
}: Omit<Table, 'name'> & { readonly name: string }): string => {
  const columns = columnsOf(schema).map(
    (column) =>
      `  ${column.name} ${column.type}${column.comment === '' ? '' : ` COMMENT ${quoted(column.comment)}`}`,
  );
  const settings = [
    `non_replicated_deduplication_window = ${TOKENS_REMEMBERED}`,
    ...(audited ? ['fsync_after_insert = 1', 'fsync_part_directory = 1'] : []),
  ];
  return [
    `CREATE TABLE IF NOT EXISTS ${name} (`,
    columns.join(',\n'),
    `) ENGINE = ${keeps === 'current' ? 'ReplacingMergeTree(version)' : 'MergeTree'}`,
    `ORDER BY (${orderBy.join(', ')})`,
    `SETTINGS ${settings.join(', ')}`,
    `COMMENT ${quoted(comment)}`,
  ].join('\n');
};
