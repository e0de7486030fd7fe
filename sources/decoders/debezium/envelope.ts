import type { Row } from '../mapped/read-field.ts';

/** What happened to a row: created, updated, deleted, read for a snapshot; or its whole table was emptied, or a message. */
const operations = ['c', 'u', 'd', 'r', 't', 'm'] as const;
export type Operation = (typeof operations)[number];

/** One change of one row, as Debezium tells it (debezium.io/documentation, "Change events"). */
export interface RowChange {
  readonly op: Operation;
  readonly before: Row | null;
  readonly after: Row | null;
  readonly table: string;
  /** `schema.table`, or `database.table`; null where the source names no schema. */
  readonly longName: string | null;
  /** When the database committed it, in milliseconds; null where it does not say. */
  readonly at: number | null;
}

type Fields = Readonly<Record<string, unknown>>;

const fieldsOf = (value: unknown): Fields | null =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : null;

const textOf = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null);

/** The payload of an event with its schema, or the bare one. */
const payloadOf = (value: unknown): unknown => {
  const event = fieldsOf(value);
  return event !== null && 'payload' in event && !('op' in event) ? event['payload'] : value;
};

export const isEnvelope = (value: unknown): boolean => {
  const payload = fieldsOf(payloadOf(value));
  if (payload === null || fieldsOf(payload['source']) === null) return false;
  return operations.some((op) => op === payload['op']) && ('before' in payload || 'after' in payload);
};

/**
 * One event of a change feed. `heartbeat` for what is no change of a row: the tombstone after a deletion, a heartbeat, the
 * begin and end of a transaction; in words what cannot be read.
 */
export const readEnvelope = (value: unknown): RowChange | 'heartbeat' | { readonly wrong: string } => {
  const content = payloadOf(value);
  if (content === null) return 'heartbeat';
  const payload = fieldsOf(content);
  if (payload === null)
    return { wrong: 'it is no object; an event is { "op", "before", "after", "source" }' };
  const { op, before, after, source, status, ts_ms: tsMs } = payload;
  if (op === undefined) {
    const isBoundary = status === 'BEGIN' || status === 'END';
    if (isBoundary || Object.keys(payload).every((key) => key === 'ts_ms')) return 'heartbeat';
  }
  const known = operations.find((one) => one === op);
  if (known === undefined)
    return { wrong: `op: ${JSON.stringify(op) ?? 'it is missing'} is none of ${operations.join(', ')}` };
  const from = fieldsOf(source);
  const table = textOf(from?.['table']) ?? textOf(from?.['collection']);
  if (from === null || (table === null && known !== 'm')) return { wrong: 'source.table: it is missing' };
  const schema = textOf(from['schema']) ?? textOf(from['db']);
  const at = [from['ts_ms'], tsMs].find((one) => typeof one === 'number' && Number.isFinite(one) && one > 0);
  return {
    op: known,
    before: fieldsOf(before),
    after: fieldsOf(after),
    table: table ?? '',
    longName: schema === null ? null : `${schema}.${table ?? ''}`,
    at: typeof at === 'number' ? at : null,
  };
};
