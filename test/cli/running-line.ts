import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openDataFolder, readMarker } from '../../runtime/wire/data-folder.ts';
import { FolderSnapshots } from '../../runtime/state/snapshots/folder-snapshots.ts';
import { operationRoutes } from '../../runtime/wire/operation-routes.ts';
import { shippedPipelines } from '../../runtime/wire/pipelines.ts';
import type { RecordedLine } from '../../runtime/wire/recorded-line.ts';
import { savepointsOf } from '../../runtime/wire/savepoints.ts';
import { createAuth, type AuthOptions } from '../../sources/http/auth.ts';
import { ingestRoutes } from '../../sources/http/ingest.ts';
import { createServer } from '../../sources/http/server.ts';
import { decoding, rules } from '../docs/shipped.ts';
import { config, startLine } from './recorded-folder.ts';

export interface RunningLine extends RecordedLine {
  readonly url: string;
}

/** The tasks of a data folder with the addresses that commands ask, as a running process has them. */
export const startRunningLine = async (folder: string, auth: AuthOptions = {}): Promise<RunningLine> => {
  const data = openDataFolder(folder);
  const line = await startLine(folder);
  const known = createAuth(auth);
  const pipelines = shippedPipelines({ decoding, rules, patience: '1h', model: 'late-delivery' });
  const server = createServer({ host: '127.0.0.1', port: 0, auth: known });
  server.app.get('/livez', () => 'ok');
  await server.app.register(operationRoutes, {
    log: line.log,
    engine: line.engine,
    pipelines,
    savepoints: savepointsOf({
      data,
      marker: readMarker(folder)!,
      snapshots: new FolderSnapshots(data.in('state')),
      log: line.log,
      pipelines,
      clickhouse: config.clickhouse,
    }),
    requireScope: (scope) => known.requireScope(scope),
  });
  await server.app.register(ingestRoutes({ log: line.log, auth: known, recordedTime: true }));
  const url = await server.listen();
  await writeFile(join(folder, 'running.json'), JSON.stringify({ url, pid: process.pid }));
  return {
    ...line,
    url,
    stop: async () => {
      await server.drain(1_000);
      await line.stop();
      data.release();
    },
  };
};
