import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { FolderSnapshots } from '../../../../runtime/state/snapshots/folder-snapshots.ts';
import { loadS3 } from '../../../../runtime/state/snapshots/load-s3.ts';
import { S3Objects } from '../../../../runtime/state/snapshots/s3-objects.ts';
import { S3Snapshots } from '../../../../runtime/state/snapshots/s3-snapshots.ts';
import { baseAt, snapshotStoreContract, statesOf } from '../../../support/contracts/snapshot-store.ts';
import { startS3Server } from '../../../support/s3-server.ts';
import { tempFolder } from '../../../support/temp-folder.ts';

const sdk = await loadS3();
const ours = await startS3Server('snapshots');
/** Another store that speaks S3, such as moto or MinIO, with a bucket `snapshots`, keeps the same contract. */
const other = process.env['FOREWARN_S3_ENDPOINT'];

const clients: { destroy(): void }[] = [];
const objectsAt = (endpoint: string, bucket = 'snapshots', maxAttempts = 3): S3Objects => {
  const client = new sdk.S3Client({
    region: 'us-east-1',
    endpoint,
    forcePathStyle: true,
    maxAttempts,
    credentials: { accessKeyId: 'key', secretAccessKey: 'secret' },
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
  });
  clients.push(client);
  return new S3Objects(sdk, client, bucket);
};
let prefixes = 0;
const placeAt = async (endpoint: string) => {
  prefixes += 1;
  const prefix = `run-${process.pid}-${prefixes}`;
  const seed = new FolderSnapshots(await tempFolder());
  const owner = (objects = objectsAt(endpoint)) => new S3Snapshots({ objects, prefix, seed });
  return { prefix, seed, owner };
};

afterEach(() => {
  ours.trouble = 'none';
});
afterAll(async () => {
  for (const client of clients) client.destroy();
  await ours.close();
});

snapshotStoreContract({
  name: 'a folder',
  make: async () => {
    const folder = await tempFolder();
    return () => new FolderSnapshots(folder);
  },
  skips: { fence: 'the lock of the data folder keeps other processes away' },
});
snapshotStoreContract({
  name: 'an object store, against a server of ours',
  make: async () => {
    const { owner } = await placeAt(ours.url);
    return () => owner();
  },
});
if (other !== undefined)
  snapshotStoreContract({
    name: `an object store, against ${other}`,
    make: async () => {
      const { owner } = await placeAt(other);
      return () => owner();
    },
  });

describe('snapshots in an object store', () => {
  it('go in parts of 8 MiB when they are large, and leave nothing behind that is not needed', async () => {
    const { prefix, owner } = await placeAt(ours.url);
    const store = owner();
    await store.save('sum/0', baseAt(1), statesOf(20 << 20));
    expect(ours.multiparts.at(-1)?.length).toBe(3);
    await store.save('sum/0', baseAt(2), statesOf(10));
    await expect(owner().load('sum/0')).resolves.toMatchObject({ base: baseAt(2) });
    await expect(store.save('sum/0', baseAt(3), statesOf(10))).rejects.toThrow(/^FW417 /);
    const left = ours.keys().filter((key) => key.startsWith(`${prefix}/`));
    expect(left).toEqual([
      expect.stringMatching(/\/sum\/0\/2-[\w-]+\.base$/),
      `${prefix}/sum/0/manifest.json`,
    ]);
    expect(ours.openUploads()).toBe(0);
  });

  // Seen red when every refusal counts: the client asks again, and finds its own manifest in the way.
  it('are not lost to ourselves when the answer to a save or a load is lost', async () => {
    const { owner } = await placeAt(ours.url);
    const store = owner();
    ours.trouble = 'lost-answer';
    expect(await store.load('sum/0')).toBeUndefined();
    ours.trouble = 'lost-answer';
    await store.save('sum/0', baseAt(1), statesOf(10));
    expect(ours.trouble).toBe('none');
    await store.save('sum/0', baseAt(2), statesOf(10));
    expect((await owner().load('sum/0'))?.base.epoch).toBe(2);
  });

  it('belong to one of many that load together, and to none of the others', async () => {
    const { owner } = await placeAt(ours.url);
    await owner().save('sum/0', baseAt(1), statesOf(10));
    const all = [owner(), owner(), owner(), owner()];
    await Promise.all(all.map((store) => store.load('sum/0')));
    const saves = await Promise.allSettled(all.map((store) => store.save('sum/0', baseAt(2), statesOf(10))));
    expect(saves.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const save of saves) if (save.status === 'rejected') expect(String(save.reason)).toContain('FW417');
  });

  it('begin with the files of a savepoint, and are no longer them after the first save', async () => {
    const { seed, owner } = await placeAt(ours.url);
    await seed.save('sum/0', baseAt(4), statesOf(50));
    const store = owner();
    expect(await store.load('sum/0')).toMatchObject({ base: baseAt(4), states: statesOf(50) });
    const folder = await tempFolder();
    expect(await store.copyTo('sum/0', folder)).toBe(true);
    await store.save('sum/0', baseAt(5), statesOf(50));
    expect((await owner().load('sum/0'))?.base.epoch).toBe(5);
    expect((await seed.load('sum/0'))?.base.epoch).toBe(4);
  });

  it('say in one sentence where the store or its bucket is not there, and what was saved stays', async () => {
    const { owner } = await placeAt(ours.url);
    const store = owner(objectsAt(ours.url, 'snapshots', 1));
    await store.save('sum/0', baseAt(1), statesOf(10));
    ours.trouble = 'down';
    await expect(store.save('sum/0', baseAt(2), statesOf(10))).rejects.toThrow(
      /^FW418 s3:\/\/snapshots\/.*SlowDown/,
    );
    ours.trouble = 'none';
    await store.save('sum/0', baseAt(3), statesOf(10));
    expect((await owner().load('sum/0'))?.base.epoch).toBe(3);
    await expect(owner(objectsAt(ours.url, 'elsewhere')).load('sum/0')).rejects.toThrow(
      /^FW418 .*NoSuchBucket/,
    );
  });

  it('name the command where the client is not installed', async () => {
    const missing = () => Promise.reject(new Error('Cannot find package'));
    await expect(loadS3(missing)).rejects.toThrow(
      /^FW221 .* run "npm install --no-save @aws-sdk\/client-s3@3"$/,
    );
  });
});
