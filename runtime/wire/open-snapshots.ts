import { existsSync, readFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { replaceFile } from '../durable-file.ts';
import type { SnapshotSettings } from '../config/snapshot-settings.ts';
import { ForewarnError } from '../forewarn-error.ts';
import { FolderSnapshots } from '../state/snapshots/folder-snapshots.ts';
import { loadS3 } from '../state/snapshots/load-s3.ts';
import { S3Objects } from '../state/snapshots/s3-objects.ts';
import { S3Snapshots } from '../state/snapshots/s3-snapshots.ts';
import type { SnapshotStore } from '../state/snapshot-store.ts';
import type { DataFolder, DataFolderMarker } from './data-folder.ts';

export interface OpenSnapshotsOptions {
  readonly settings: SnapshotSettings;
  readonly data: Pick<DataFolder, 'in' | 'path'>;
  readonly marker: Pick<DataFolderMarker, 'generation'>;
}

export interface ConnectSnapshotsOptions {
  readonly settings: SnapshotSettings;
  readonly stateFolder: string;
  readonly generation: number;
}

/**
 * Where this data folder's tasks keep their bases. A folder that has begun with an object store stays with it (FW105): the
 * log no longer has what is in bases elsewhere. Each generation has its own prefix, and begins with the files of the
 * savepoint that it was made from.
 */
export const openSnapshots = async ({
  settings,
  data,
  marker: { generation },
}: OpenSnapshotsOptions): Promise<SnapshotStore> => {
  const note = data.in('state', 'kept-in');
  const { s3 } = settings;
  const place = s3 === undefined ? 'the data folder' : `s3://${s3.bucket}/${prefixOf(s3, generation)}`;
  const before = existsSync(note) ? readFileSync(note, 'utf8').trim() : undefined;
  if (before !== undefined && before !== place)
    throw new ForewarnError(
      'FW105',
      `data folder ${data.path} keeps its state in ${before}, and snapshots.s3 asks for ${place}; set snapshots.s3 as it was`,
    );
  const snapshots = await connectSnapshots({ settings, stateFolder: data.in('state'), generation });
  if (s3 !== undefined) {
    await mkdir(data.in('state'), { recursive: true });
    await replaceFile(note, `${place}\n`);
  }
  return snapshots;
};

/** The same store for a thread of the process that has opened it. */
export const connectSnapshots = async ({
  settings: { s3 },
  stateFolder,
  generation,
}: ConnectSnapshotsOptions): Promise<SnapshotStore> => {
  const folder = new FolderSnapshots(stateFolder);
  if (s3 === undefined) return folder;
  const sdk = await loadS3();
  const client = new sdk.S3Client({
    region: s3.region,
    ...(s3.endpoint === undefined ? {} : { endpoint: s3.endpoint }),
    forcePathStyle: s3.pathStyle,
    maxAttempts: 8,
    // Stores that speak S3 do not all know the checksums that AWS has added.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
  });
  const prefix = prefixOf(s3, generation);
  return new S3Snapshots({ objects: new S3Objects(sdk, client, s3.bucket), prefix, seed: folder });
};

const prefixOf = ({ prefix }: NonNullable<SnapshotSettings['s3']>, generation: number): string =>
  `${prefix}/generation-${generation}`;
