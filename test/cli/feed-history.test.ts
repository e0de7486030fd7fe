import { join } from 'node:path';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { feedHistory, type FedRecord } from '../../cli/feed-history.ts';
import { table } from '../../operators/broadcast-table.ts';
import { keyedProcess, rowsOf } from '../../operators/keyed-process.ts';
import { wallClock } from '../../runtime/clock.ts';
import { createEngine } from '../../runtime/engine.ts';
import { EmbeddedLog } from '../../runtime/log/embedded-log.ts';
import { pipeline } from '../../runtime/pipeline.ts';
import { silentObserver } from '../../runtime/task-observer.ts';
import { topic } from '../../runtime/topic.ts';
import { tempFolder } from '../support/temp-folder.ts';

const row = z.object({ at: z.number(), key: z.string() });
const options = { schema: row, key: ({ key }: z.infer<typeof row>) => key };
const lefts = topic('lefts', options);
const notes = topic('notes', options);
const heard = topic('heard', options);
const echoed = topic('echoed', options);

const hears = pipeline('hears', { from: { lefts, notes } }, (from) => [
  keyedProcess('hears', {
    inputs: { lefts: from.lefts.keyBy('key') },
    tables: { notes: table(from.notes, { key: ({ key }) => key }) },
    interests: { notes: () => ['note'] },
    keysAtOnce: 2,
    emits: rowsOf<z.infer<typeof row>>(),
    initial: { isKnown: false },
    on: { lefts: (_, context) => context.set({ isKnown: true }) },
    onTable: { notes: (_, context) => context.emit({ at: context.now, key: context.key }) },
  }).to(heard),
]);
const echoes = pipeline('echoes', { from: { heard } }, (from) => [from.heard.to(echoed)]);

const keys = Array.from({ length: 9 }, (_, index) => `k${index}`);

const recordAt = (of: typeof lefts, key: string, at: number): FedRecord => ({
  topic: of.name,
  heardAt: at,
  key,
  headers: {},
  value: of.write({ at, key }),
});

it('lets all keys answer the last row of a history, stage by stage, though nothing comes after it', async () => {
  const folder = await tempFolder();
  const log = await EmbeddedLog.open({
    folder: join(folder, 'log'),
    topics: { lefts: 1, notes: 1, heard: 1, echoed: 1 },
    time: 'recorded',
  });
  const errors: unknown[] = [];
  const engine = createEngine({
    pipelines: [hears, echoes],
    log,
    stateFolder: join(folder, 'state'),
    services: {
      scorer: () => {
        throw new Error('none');
      },
    },
    observer: silentObserver,
    wall: wallClock,
    deadLetter: (failure) => {
      throw failure.error;
    },
    checkpointMs: 20,
    onError: (error) => errors.push(error),
  });
  await engine.start();
  const settled = (): boolean => {
    if (errors.length > 0) throw errors[0];
    return engine.settled(log.closedUntil);
  };
  const history = [
    ...keys.map((key, index) => recordAt(lefts, key, 1_000 + index)),
    recordAt(notes, 'note', 2_000),
  ];

  expect(await feedHistory({ log, engine, settled }, history)).toBe(10);
  const said = await log.read('echoed', 0, 0);
  expect(said.map((record) => [record.key, record.heardAt])).toEqual(
    keys.map((key, index) => [key, 2_000 + Math.floor(index / 2) / 1_024]),
  );
  // What is fed after that is heard after that.
  const late = { ...recordAt(lefts, 'k9', 2_000 + 1 / 1_024), documentId: 'late' };
  await feedHistory({ log, engine, settled }, [late]);
  expect((await log.read('lefts', 0, 9))[0]!.heardAt).toBe(2_001 + 1 / 1_024);
  await engine.stop();
  await log.close();
});
