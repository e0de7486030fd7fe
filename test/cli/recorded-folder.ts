import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { feed } from '../../cli/recorded-line.ts';
import { loadConfig } from '../../runtime/config/load-config.ts';
import { packageRoot } from '../../runtime/package-root.ts';
import { MARKER, markerText } from '../../runtime/wire/data-folder.ts';
import { type RecordedLine, startRecordedLine } from '../../runtime/wire/recorded-line.ts';
import type { RecordedDocument } from '../../sources/recorded-document.ts';

const PARTITIONS = 2;

/** The configuration that ships, wherever the test is run from. */
export const shippedConfig = {
  ...loadConfig({ environment: {} }),
  rules: join(packageRoot, 'rules'),
};
export const config = {
  ...shippedConfig,
  models: { ...shippedConfig.models, folder: join(packageRoot, 'models', 'registry'), timeoutMs: 60_000 },
  engine: { ...shippedConfig.engine, checkpointMs: 20, patience: '1h' },
  log: { ...shippedConfig.log, partitions: PARTITIONS },
};

/** A data folder of recorded time, with nothing in it yet. */
export const newDataFolder = async (parent: string, name = 'data'): Promise<string> => {
  const folder = join(parent, name);
  await mkdir(folder);
  await writeFile(
    join(folder, MARKER),
    markerText({ partitions: PARTITIONS, time: 'recorded', generation: 0, madeFrom: null }),
  );
  return folder;
};

/** The tasks of the line on a data folder, without tables and without a page. */
export const startLine = (folder: string): Promise<RecordedLine> =>
  // New bases again and again, as after days.
  startRecordedLine(config, folder, () => undefined, { compactAtBytes: 2_000 });

/** Runs the line on a data folder until all documents are decided on, and stops it. */
export const runThrough = async (folder: string, documents: readonly RecordedDocument[]): Promise<void> => {
  const line = await startLine(folder);
  try {
    await feed(line, documents);
  } finally {
    await line.stop();
  }
};

const START = Date.parse('2026-02-03T21:00:00Z');

/** A document that was heard so many minutes after the start. */
export const documentAt = (
  minutes: number,
  documentId: string,
  text: string,
  contentType = 'application/json',
): RecordedDocument => ({
  heardAt: START + minutes * 60_000,
  source: 'exfr',
  contentType,
  documentId,
  text,
});
export const minutesIn = (minutes: number): number => START + minutes * 60_000;
