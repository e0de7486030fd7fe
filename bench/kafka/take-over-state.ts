import { join } from 'node:path';
import { z } from 'zod';
import { keyedProcess, rowsOf } from '../../operators/keyed-process.ts';
import type { Engine } from '../../runtime/engine.ts';
import { KafkaLog } from '../../runtime/log/kafka/kafka-log.ts';
import type { TaskRecord } from '../../runtime/log/log.ts';
import { pipeline } from '../../runtime/pipeline.ts';
import { loadS3 } from '../../runtime/state/snapshots/load-s3.ts';
import { S3Objects } from '../../runtime/state/snapshots/s3-objects.ts';
import { S3Snapshots } from '../../runtime/state/snapshots/s3-snapshots.ts';
import { FolderSnapshots } from '../../runtime/state/snapshots/folder-snapshots.ts';
import { topic } from '../../runtime/topic.ts';
import { engineAlone } from '../engine-alone.ts';

/** What each process of the bench is told, as JSON. */
export interface TakeOverSettings {
  readonly brokers: readonly string[];
  readonly prefix: string;
  /** Of the object store. */
  readonly endpoint: string;
  readonly folder: string;
  readonly keys: number;
}

/** What the state of one key weighs, about. */
export const KEY_BYTES = 2_000;

const note = z.object({ key: z.string(), at: z.number(), text: z.string() });
const notes = topic('notes', { schema: note, key: 'key', at: ({ at }) => at });
const last = topic('last', { schema: note, key: 'key', at: ({ at }) => at });

/** The last text of each key, kept and passed on to nobody: all that is left is state. */
const keeping = pipeline('keeping', { from: { notes }, checkpoint: '250ms' }, ({ notes: rows }) => [
  keyedProcess('last', {
    inputs: { rows: rows.keyBy('key') },
    emits: rowsOf<z.infer<typeof note>>(),
    initial: { text: '' },
    on: { rows: ({ text }, { set }) => set({ text }) },
  }).to(last),
]);

/** A text that differs from key to key and from time to time, so that nothing is smaller than it looks. */
export const noteOf = (key: number, at: number): TaskRecord => {
  const text = `${key} at ${at} `.repeat(Math.ceil(KEY_BYTES / 12)).slice(0, KEY_BYTES);
  return { key: `k${key}`, heardAt: at, value: notes.write({ key: `k${key}`, at, text }) };
};

export interface TakeOverLine {
  readonly log: KafkaLog;
  readonly engine: Engine;
  readonly failures: readonly unknown[];
}

/** A process of a line with one partition number, which it does not have yet. */
export const openLine = async ({
  brokers,
  prefix,
  endpoint,
  folder,
}: TakeOverSettings): Promise<TakeOverLine> => {
  const log = await KafkaLog.open({
    brokers,
    prefix,
    topics: { notes: 1, last: 1 },
    time: 'recorded',
    sharing: {
      numbers: 1,
      member: '',
      numberOf: () => 0,
      onFenced: (_, error) => console.error(error.message),
    },
    note: (line) => console.error(line),
  });
  const sdk = await loadS3();
  const client = new sdk.S3Client({
    region: 'us-east-1',
    endpoint,
    forcePathStyle: true,
    credentials: { accessKeyId: 'key', secretAccessKey: 'secret' },
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
  });
  const snapshots = new S3Snapshots({
    objects: new S3Objects(sdk, client, 'forewarn'),
    prefix,
    seed: new FolderSnapshots(join(folder, 'seed')),
  });
  return { log, ...engineAlone({ pipelines: [keeping], log, stateFolder: folder, snapshots }) };
};
