import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { dedupe } from '../../../operators/dedupe.ts';
import { EmbeddedLog } from '../../../runtime/log/embedded-log.ts';
import { pipeline } from '../../../runtime/pipeline.ts';
import { topic } from '../../../runtime/topic.ts';
import { lineDefinition } from '../../../runtime/wire/sharing/line-definition.ts';
import { tempFolder } from '../../support/temp-folder.ts';
import { until } from '../../support/until.ts';

const row = z.object({ at: z.number(), key: z.string(), id: z.string() });
const scans = topic('scans', { schema: row, key: (one) => one.key });
const kept = topic('kept', { schema: row, key: (one) => one.key });

/** A pipeline of steps by name, each with what its state is made of. */
const steps = (...names: readonly (readonly [name: string, by?: 'id'])[]) => [
  pipeline('watch', { from: { scans } }, (from) =>
    names.map(([name, by]) =>
      from.scans
        .keyBy('key')
        .through(dedupe({ name, within: '1h', ...(by === undefined ? {} : { by }) }))
        .to(kept),
    ),
  ),
];

describe('the definition of a line that processes share', () => {
  const openLog = async (): Promise<EmbeddedLog> =>
    EmbeddedLog.open({
      folder: await tempFolder(),
      topics: { scans: 2, kept: 2 },
      time: 'recorded',
    });
  const version = (
    log: EmbeddedLog,
    code: string,
    pipelines: ReturnType<typeof steps>,
    more: { readonly rows?: number; readonly allowLoss?: boolean } = {},
  ) =>
    lineDefinition({
      log,
      pipelines,
      partitions: 2,
      allowLoss: more.allowLoss ?? false,
      version: { code, rows: more.rows ?? 1 },
    });

  it('lets versions with the same steps take numbers from each other, back and forth', async () => {
    const log = await openLog();
    const [older, newer] = [version(log, '1.0.0', steps(['once'])), version(log, '1.1.0', steps(['once']))];
    for (const one of [older, newer, older, newer]) {
      await one.check();
      await one.take(0);
      await one.take(1);
    }
    // What has not changed is not written down again.
    const epoch = log.epoch('definition/0');
    await newer.take(0);
    expect([epoch, log.epoch('definition/0')]).toEqual([4, 4]);
    await log.close();
  });

  it('lets a version with one step more take over, and refuses the older one what that has made since', async () => {
    const log = await openLog();
    const older = version(log, '1.0.0', steps(['once']));
    const newer = version(log, '1.1.0', steps(['once'], ['dock-wait', 'id']));
    await older.take(0);
    await older.take(1);
    await newer.take(0);
    await expect(older.take(0)).rejects.toThrow(
      'FW423 partition number 0: step "dock-wait" would lose the state that Forewarn 1.1.0 made: it is gone; start that version here too, or put it back, or allow the loss with --allow-loss',
    );
    // The other number is as it was.
    await older.take(1);
    await version(log, '1.0.0', steps(['once']), { allowLoss: true }).take(0);
    await older.take(0);
    await log.close();
  });

  it('refuses a version whose step keeps something else under the same name, whatever is allowed', async () => {
    const log = await openLog();
    await version(log, '1.0.0', steps(['once'])).take(0);
    const other = version(log, '1.1.0', steps(['once', 'id']), { allowLoss: true });
    await expect(other.take(0)).rejects.toThrow(
      /FW423 .* step "once" cannot keep the state that Forewarn 1.0.0 made/,
    );
    await log.close();
  });

  it('tells a version that runs as soon as rows are written that it cannot read, and one that comes later', async () => {
    const log = await openLog();
    const older = version(log, '1.0.0', steps(['once']));
    await older.check();
    await older.take(0);
    const told: unknown[] = [];
    const stop = older.watch((error) => told.push(error));
    await version(log, '1.0.1', steps(['once'])).take(1);
    const newer = version(log, '2.0.0', steps(['once']), { rows: 2 });
    await newer.check();
    await newer.take(1);
    await until('it has been told', () => told.length > 0);
    const sentence =
      'FW423 log.kafka.group: Forewarn 2.0.0 writes rows of format 2 into this line, and this one (1.0.0) reads up to 1; start that version here too';
    expect(String(told[0])).toContain(sentence);
    await expect(older.check()).rejects.toThrow(sentence);
    stop();
    await log.close();
  });

  it('refuses what it cannot read at all, such as what a much later version wrote', async () => {
    const log = await openLog();
    const state = new TextEncoder().encode(JSON.stringify({ format: 9, codeVersion: '9.0.0' }));
    await log.commit({ producer: 'definition/1', epoch: 1, frontier: 0, writes: [], state });
    await expect(version(log, '1.0.0', steps(['once'])).check()).rejects.toThrow(
      'FW423 log.kafka.group: this one (1.0.0) does not know how Forewarn 9.0.0 goes on with this line; start that version here too',
    );
    await log.close();
  });
});
