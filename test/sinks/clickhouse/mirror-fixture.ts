import type { Commit, Log, LogRecord } from '../../../runtime/log/log.ts';
import { ForewarnError } from '../../../runtime/forewarn-error.ts';
import type { InsertRows } from '../../../sinks/clickhouse/insert-rows.ts';
import { Mirror, type MirrorOptions } from '../../../sinks/clickhouse/mirror.ts';
import type { TableRow } from '../../../sinks/clickhouse/row-encoder.ts';
import { MemoryLog } from '../../support/memory-log.ts';

export const NEVER: Promise<never> = new Promise(() => undefined);

/** `ports/<partition>` and `contracts` with rows of their schemas. */
export const newLog = (partitions = 1): MemoryLog =>
  new MemoryLog({ topics: { ports: partitions, contracts: 1 } });

const encoder = new TextEncoder();

/** A row of `port_status`. A bad one carries a note that only ClickHouse refuses, an odd one does not fit its schema. */
export const portRow = (n: number, kind: 'good' | 'bad' | 'odd' = 'good'): Record<string, unknown> => ({
  id: `port-${n}`,
  at: 1_700_000_000_000 + n + 0.25,
  heardAt: 1_700_000_000_500 + n,
  source: { feed: 'ports', document: 'd', position: n, decoder: 'test', mapping: null },
  port: 'USLAX',
  state: 'open',
  vesselsWaiting: kind === 'odd' ? -1 : n,
  dwellHours: n / 3,
  usualDwellHours: 0,
  note: kind === 'bad' ? '\ud800' : "it's\n",
});

export const append = async (log: MemoryLog, topic: string, row: Record<string, unknown>): Promise<void> => {
  await log.append(topic, { key: String(row['id']), value: encoder.encode(JSON.stringify(row)) });
};

/** Tables as ClickHouse keeps them: all of a block or nothing, and nothing under a token that they know. */
export class TableDouble {
  readonly tokens = new Map<string, readonly TableRow[]>();
  readonly rows: TableRow[] = [];
  readonly calls: string[] = [];
  readonly faults: string[] = [];
  /** Set to fail before the rows are looked at. */
  away: (() => boolean) | undefined;

  readonly insert: InsertRows = async (table, rows, token) => {
    this.calls.push(token);
    if (this.away?.() === true) throw new ForewarnError('FW501', `table "${table}": connection refused`);
    if (rows.some(({ note }) => note === '\ud800'))
      throw new ForewarnError('FW502', `table "${table}": cannot parse escape sequence`);
    const known = this.tokens.get(token);
    if (known !== undefined) {
      // A token must imply its rows: other ones would vanish.
      if (JSON.stringify(known) !== JSON.stringify(rows))
        throw new Error(`token ${token} came with other rows`);
      return;
    }
    this.tokens.set(token, rows);
    this.rows.push(...rows);
  };

  ids(): readonly unknown[] {
    return this.rows.map(({ id }) => id);
  }
}

/** A mirror of `ports` that starts from what the log has of it, and never waits for more rows. */
export const mirrorOf = (
  log: MemoryLog,
  insert: InsertRows,
  options: Partial<MirrorOptions> & { readonly refused?: (record: LogRecord) => void } = {},
): Mirror =>
  new Mirror({
    log,
    insert,
    routes: [{ topic: 'ports', table: 'port_status' }],
    initialState: (producer) => log.statesOf(producer).at(-1),
    onRefused: (record) => options.refused?.(record),
    flushMs: 0,
    retryMs: 1,
    ...options,
  });

/**
 * A process that dies at its n-th step, a step being a commit or an insert: before it is done, or after it is done
 * and before the answer. From then on nothing of that process happens any more.
 */
export const dyingAt = (step: number, when: 'before' | 'after', log: MemoryLog, insert: InsertRows) => {
  let left = step;
  let die: () => void = () => undefined;
  const died = new Promise<void>((resolve) => {
    die = resolve;
  });
  const take = async <T>(work: () => Promise<T>): Promise<T> => {
    const now = left--;
    if (now < 0 || (now === 0 && when === 'before')) {
      die();
      return NEVER;
    }
    try {
      const done = await work();
      if (now > 0) return done;
    } catch (error) {
      if (now > 0) throw error;
    }
    // It dies before it learns how its last step ended, well or not.
    die();
    return NEVER;
  };
  const dyingLog: Log = {
    get closedUntil() {
      return log.closedUntil;
    },
    partitionsOf: (topic) => log.partitionsOf(topic),
    partitionFor: (topic, key) => log.partitionFor(topic, key),
    append: (topic, record, options) => log.append(topic, record, options),
    commit: (commit: Commit) => take(() => log.commit(commit)),
    read: (topic, partition, from, maxBytes) =>
      left < 0 ? NEVER : log.read(topic, partition, from, maxBytes),
    end: (topic, partition) => log.end(topic, partition),
    epoch: (producer) => log.epoch(producer),
    frontier: (producer) => log.frontier(producer),
    publishFrontier: (producer, frontier) => log.publishFrontier(producer, frontier),
    onAdvance: (listener) => log.onAdvance(listener),
    close: () => log.close(),
  };
  const dyingInsert: InsertRows = (table, rows, token) => take(() => insert(table, rows, token));
  const kill = (): void => {
    left = -1;
  };
  return { log: dyingLog, insert: dyingInsert, died, kill };
};
