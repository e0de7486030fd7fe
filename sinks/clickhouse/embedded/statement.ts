import { quoted } from '../quoted.ts';

/** One request to ClickHouse's HTTP interface, taken apart. */
export interface Statement {
  /** `USE` and `SET` statements that its own connection needs before. */
  readonly before: readonly string[];
  readonly sql: string;
  /** Rows for an INSERT that names table, columns and format plainly; they reach the engine as bytes. */
  readonly insert: PlainInsert | undefined;
  /** Format of the answer where the statement names none. */
  readonly format: string;
}

export interface PlainInsert {
  readonly table: string;
  readonly columns: readonly string[] | undefined;
  readonly format: RowFormat;
  readonly settings: Readonly<Record<string, string>>;
}

const rowFormats = [
  'JSONEachRow',
  'JSONCompactEachRow',
  'CSV',
  'CSVWithNames',
  'TabSeparated',
  'TSV',
] as const;
export type RowFormat = (typeof rowFormats)[number];

/** Parameters of the HTTP interface that are not settings (its documentation lists them). */
const reserved: ReadonlySet<string> = new Set([
  'query',
  'query_id',
  'database',
  'default_format',
  'user',
  'password',
  'role',
  'quota_key',
  'session_id',
  'session_check',
  'session_timeout',
  'compress',
  'decompress',
  'stacktrace',
  'wait_end_of_query',
  'buffer_size',
  'enable_http_compression',
  'http_zlib_compression_level',
  'client_protocol_version',
]);

const NAME = '[A-Za-z_][A-Za-z0-9_]*';
const plainInsert = new RegExp(
  `^\\s*INSERT\\s+INTO\\s+(?:TABLE\\s+)?(${NAME}(?:\\.${NAME})?)\\s*(?:\\(\\s*(${NAME}(?:\\s*,\\s*${NAME})*)\\s*\\))?\\s*FORMAT\\s+(\\w+)\\s*;?\\s*$`,
  'i',
);

/**
 * Settings go into the statement of a plain INSERT and into `SET` before everything else. Both end with the
 * connection, and every request has one of its own, so that nothing sticks: a token that did would make the inserts
 * after it vanish.
 */
export const statementOf = (params: URLSearchParams, body: Buffer): Statement => {
  const query = params.get('query') ?? '';
  const settings = [...params].filter(([name]) => !reserved.has(name));
  const database = params.get('database') ?? 'default';
  const before = database === 'default' ? [] : [`USE \`${database.replaceAll('`', '\\`')}\``];
  const format = params.get('default_format') ?? 'TabSeparated';
  const insert = body.length === 0 ? undefined : insertOf(query, Object.fromEntries(settings));
  if (insert !== undefined) return { before, sql: query, insert, format };
  if (settings.length > 0)
    before.push(
      `SET ${settings.map(([name, value]) => `${settingName(name)} = ${quoted(value)}`).join(', ')}`,
    );
  const sql = [query, body.toString('utf8')].filter((part) => part !== '').join('\n');
  return { before, sql, insert: undefined, format };
};

const insertOf = (query: string, settings: Readonly<Record<string, string>>): PlainInsert | undefined => {
  const [, table, columns, name] = plainInsert.exec(query) ?? [];
  const format = rowFormats.find((known) => known === name);
  if (table === undefined || format === undefined) return undefined;
  if (Object.keys(settings).some((setting) => setting.startsWith('param_'))) return undefined;
  return { table, columns: columns?.split(',').map((column) => column.trim()), format, settings };
};

/** Names come from a URL and end up in SQL: letters, digits and underscores only. */
const settingName = (name: string): string => {
  if (/^\w+$/.test(name)) return name;
  throw new SyntaxError(`"${name}" is not the name of a setting`);
};
