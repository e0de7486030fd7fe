import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ClickHouseClient } from '@clickhouse/client';
import { afterAll } from 'vitest';
import { ForewarnError } from '../../../runtime/forewarn-error.ts';
import { connectClickHouse } from '../../../sinks/clickhouse/client.ts';
import {
  startEmbeddedClickHouse,
  type EmbeddedClickHouse,
} from '../../../sinks/clickhouse/embedded/embedded-clickhouse.ts';

export interface ClickHouseHere extends EmbeddedClickHouse {
  readonly folder: string;
  readonly remove: () => Promise<void>;
}

/** The real embedded ClickHouse in a folder of its own; undefined, with the reason printed, where it has no binary. */
export const clickHouseHere = async (): Promise<ClickHouseHere | undefined> => {
  const folder = mkdtempSync(join(tmpdir(), 'forewarn-clickhouse-'));
  try {
    const server = await startEmbeddedClickHouse({ folder });
    return {
      folder,
      url: server.url,
      get pid() {
        return server.pid;
      },
      stop: server.stop,
      onExit: server.onExit,
      remove: async () => {
        await server.stop();
        rmSync(folder, { recursive: true, force: true });
      },
    };
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    if (!(error instanceof ForewarnError) || error.code !== 'FW106') throw error;
    console.warn(`skipped: ${error.message}`);
    return undefined;
  }
};

/** The same with a client, for all tests of a file: both are gone after them. */
export const clickHouseForTests = async (): Promise<{
  readonly server: ClickHouseHere | undefined;
  readonly client: ClickHouseClient;
}> => {
  const server = await clickHouseHere();
  const client = connectClickHouse({ url: server?.url ?? 'http://127.0.0.1:1' });
  afterAll(async () => {
    await client.close();
    await server?.remove();
  });
  return { server, client };
};
