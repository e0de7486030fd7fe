import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { config } from '../../../runtime/config/config.ts';
import { FolderSnapshots } from '../../../runtime/state/snapshots/folder-snapshots.ts';
import { openSnapshots } from '../../../runtime/wire/open-snapshots.ts';
import { baseAt, statesOf } from '../../support/contracts/snapshot-store.ts';
import { startS3Server } from '../../support/s3-server.ts';
import { tempFolder } from '../../support/temp-folder.ts';

const server = await startS3Server('forewarn');
beforeAll(() => {
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'key');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'secret');
});
afterAll(() => server.close());

const inFolder = config.parse({}).snapshots;
const inStore = (prefix: string) =>
  config.parse({ snapshots: { s3: { prefix, endpoint: server.url, pathStyle: true } } }).snapshots;
const dataAt = (path: string) => ({ path, in: (...parts: readonly string[]) => join(path, ...parts) });

it('keeps bases in the data folder where nothing is said', async () => {
  const data = dataAt(await tempFolder());
  const store = await openSnapshots({ settings: inFolder, data, marker: { generation: 0 } });
  await store.save('sum/0', baseAt(1), statesOf(10));
  expect((await new FolderSnapshots(data.in('state')).load('sum/0'))?.base.epoch).toBe(1);
});

it('moves to the object store with what the folder had, and every process has it from there', async () => {
  const data = dataAt(await tempFolder());
  await new FolderSnapshots(data.in('state')).save('sum/0', baseAt(4), statesOf(10));
  const open = (at = data) =>
    openSnapshots({ settings: inStore('moved'), data: at, marker: { generation: 2 } });
  const first = await open();
  expect((await first.load('sum/0'))?.base.epoch).toBe(4);
  await first.save('sum/0', baseAt(5), statesOf(10));
  const elsewhere = await open(dataAt(await tempFolder()));
  expect((await elsewhere.load('sum/0'))?.base.epoch).toBe(5);
  expect(server.keys().every((key) => key.startsWith('moved/generation-2/sum/0/'))).toBe(true);
});

it.each([
  ['the data folder', inFolder],
  ['another prefix', inStore('other')],
])('refuses to go on in %s: what is in a base the log has no more', async (_where, settings) => {
  const data = dataAt(await tempFolder());
  await openSnapshots({ settings: inStore('first'), data, marker: { generation: 0 } });
  await expect(openSnapshots({ settings, data, marker: { generation: 0 } })).rejects.toThrow(
    /^FW105 data folder \S+ keeps its state in s3:\/\/forewarn\/first\/generation-0, and snapshots\.s3 asks for .*; set snapshots\.s3 as it was$/,
  );
});
