import { join } from 'node:path';
import { expect, it } from 'vitest';
import { rowsOf } from '../../../runtime/log/topic-rows.ts';
import { signal } from '../../../domain/signal.ts';
import { map } from '../../../operators/map.ts';
import { deadLetters, partitionsByTopic, signals } from '../../../pipelines/topics.ts';
import { wallClock } from '../../../runtime/clock.ts';
import { createEngine } from '../../../runtime/engine.ts';
import { EmbeddedLog } from '../../../runtime/log/embedded-log.ts';
import { pipeline } from '../../../runtime/pipeline.ts';
import { silentObserver } from '../../../runtime/task-observer.ts';
import { topic } from '../../../runtime/topic.ts';
import { letterOfFailure } from '../../../runtime/wire/pipelines.ts';
import { replayLetters } from '../../../runtime/wire/replay-letters.ts';
import { tempFolder } from '../../support/temp-folder.ts';
import { until } from '../../support/until.ts';

/** A topic that the log has, for rows that go through. */
const copies = topic('outcomes', { schema: signal, key: (row) => row.shipmentId });

/** Reads rows of one topic and writes them to another, until it comes to one that it cannot take yet. */
const copying = (isMended: () => boolean) =>
  pipeline('copying', { from: { signals }, checkpoint: '10ms' }, ({ signals: rows }) => [
    rows
      .through(
        map((row) => {
          if (row.id === 'hard' && !isMended()) throw new Error('it is too hard');
          return row;
        }),
      )
      .to(copies),
  ]);

it('plays the very record again on which a step failed, once it is mended', async () => {
  const folder = await tempFolder();
  const log = await EmbeddedLog.open({
    folder: join(folder, 'log'),
    topics: partitionsByTopic(2),
    time: 'recorded',
  });
  let mended = false;
  const engine = createEngine({
    pipelines: [copying(() => mended)],
    log,
    stateFolder: join(folder, 'state'),
    services: {
      scorer: () => {
        throw new Error('none');
      },
    },
    observer: silentObserver,
    wall: wallClock,
    deadLetter: letterOfFailure,
    onError: (error) => {
      throw error;
    },
  });
  await engine.start();
  for (const [index, id] of ['easy', 'hard', 'later'].entries()) {
    const value = Buffer.from(JSON.stringify({ id, shipmentId: 'S-1', at: 500 + index }));
    await log.append(
      'signals',
      { key: 'S-1', value, headers: { via: 'test' } },
      { heardAt: 1_000 * (index + 1) },
    );
  }
  const settled = () => engine.settled(log.closedUntil);
  await until('all three were tried', settled);
  const letters = [];
  for await (const letter of rowsOf(log, deadLetters)) letters.push(letter);
  const partition = log.partitionFor('signals', 'S-1');
  expect(letters).toMatchObject([
    {
      stage: 'operator',
      feed: 'copying',
      code: 'FW404',
      reason: 'it is too hard',
      origin: { topic: 'signals', partition, offset: 1 },
    },
  ]);

  mended = true;
  const [played] = await replayLetters(log, { ids: [letters[0]!.id] });
  expect(played).toMatchObject({ result: 'played', detail: `signals/${partition}@3` });
  await until('the row has come through', settled);
  const copied = [];
  for await (const row of rowsOf(log, copies)) copied.push(row);
  expect(copied.map(({ id }) => id)).toEqual(['easy', 'later', 'hard']);
  const [record] = await log.read('signals', partition, 3);
  expect(record).toMatchObject({ key: 'S-1', headers: { via: 'test', repeats: letters[0]!.id } });
  expect(record!.heardAt).toBeGreaterThan(3_000);
  // The same letter again is known.
  expect((await replayLetters(log, { step: letters[0]!.step }))[0]).toMatchObject({ result: 'again' });
  await engine.stop();
  await log.close();
});
