import type { Session } from 'chdb';
import type { PlainInsert, Statement } from './statement.ts';

export interface Answer {
  readonly bytes: Uint8Array;
  readonly readRows: number;
  readonly readBytes: number;
  readonly writtenRows: number;
  readonly writtenBytes: number;
  readonly elapsedNs: number;
}

export interface Engine {
  readonly run: (statement: Statement, body: Buffer) => Promise<Answer>;
  readonly close: () => Promise<void>;
}

/**
 * ClickHouse in this process. Every statement has a connection of its own (1 ms), closed after it: one that failed
 * midway would prepend its output to the next one's, and settings would stay.
 */
export const openEngine = async (folder: string): Promise<Engine> => {
  const chdb = await import('chdb');
  // Holds the data folder between statements; nothing runs on it.
  const holder = new chdb.Session(folder);
  return {
    run: async (statement, body) => {
      const session = new chdb.Session(folder);
      try {
        for (const sql of statement.before) await session.queryAsync(sql);
        return statement.insert === undefined
          ? await ask(session, statement)
          : await insert(session, statement.insert, body);
      } finally {
        session.close();
      }
    },
    close: async () => {
      await chdb.drainPending();
      holder.close();
      await chdb.drainPending();
    },
  };
};

const ask = async (session: Session, { sql, format }: Statement): Promise<Answer> => {
  const result = await session.queryAsync(sql, { format });
  return {
    bytes: result.bytes(),
    readRows: result.rowsRead,
    readBytes: result.bytesRead,
    writtenRows: 0,
    writtenBytes: 0,
    elapsedNs: Math.round(result.elapsed * 1e9),
  };
};

const insert = async (session: Session, plain: PlainInsert, body: Buffer): Promise<Answer> => {
  const { table, columns, format, settings } = plain;
  const summary = await session.insert({
    table,
    ...(columns === undefined ? {} : { columns }),
    format,
    settings,
    values: body,
  });
  return {
    bytes: new Uint8Array(),
    readRows: 0,
    readBytes: 0,
    writtenRows: summary.rowsWritten,
    writtenBytes: summary.bytesWritten,
    elapsedNs: Math.round(summary.elapsed * 1e9),
  };
};
