import { describe, expect, it } from 'vitest';
import { map } from '../../operators/map.ts';
import type { SinkMode } from '../../runtime/graph.ts';
import { pipeline } from '../../runtime/pipeline.ts';
import { hear, newLog, startRun } from '../support/law-run.ts';
import { heard, left, type Noted, out, type Said } from '../support/law-topics.ts';
import { deaths, MortalLog } from '../support/mortal-log.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { until } from '../support/until.ts';

const said = map(({ at, key, n }: Noted): Said => ({ at, key, what: `${n}` }));
const writing = (mode: SinkMode) =>
  pipeline('writing', { from: { left } }, (from) => [from.left.through(said).to(out, { mode })]);
const rows = [1, 2, 3].map((n) => heard(left, n, 'a', n));
const wordsIn = (log: ReturnType<typeof newLog>): readonly string[] =>
  log.all('out').map(({ value }) => (JSON.parse(Buffer.from(value).toString()) as Said).what);

describe.each(['keyed', 'append'] as const)('a sink of mode %s', (mode) => {
  it('writes before the commit', async () => {
    const log = newLog();
    const commits = log.commit.bind(log);
    // The task's own commits never come back; what is written at once is not theirs.
    log.commit = (commit) => (commit.producer.endsWith('!') ? commits(commit) : new Promise(() => undefined));
    await startRun([writing(mode)], log, { stateFolder: await tempFolder() });
    await hear(log, rows);
    await until('written', () => log.all('out').length === 3);
    expect(wordsIn(log)).toEqual(['1', '2', '3']);
  });

  it('writes again, equal, what it had not committed when it died, and loses nothing', async () => {
    const log = newLog();
    const stateFolder = await tempFolder();
    await hear(log, rows);
    // The first write is the rows at once, the second the commit of the task.
    const mortal = new MortalLog(log, { atWrite: 2, how: deaths.before });
    const first = await startRun([writing(mode)], mortal, { stateFolder });
    await until('dead', () => mortal.isDead);
    await first.stop();
    expect(wordsIn(log)).toEqual(['1', '2', '3']);
    const second = await startRun([writing(mode)], log, { stateFolder });
    await second.settle(log.closedUntil);
    await second.stop();
    expect(wordsIn(log)).toEqual(['1', '2', '3', '1', '2', '3']);
    // What was committed comes no third time.
    const third = await startRun([writing(mode)], log, { stateFolder });
    await hear(log, [heard(left, 4, 'a', 4)]);
    await third.settle(log.closedUntil);
    await third.stop();
    expect(wordsIn(log)).toEqual(['1', '2', '3', '1', '2', '3', '4']);
  });

  it('is refused where a task reads the topic (FW218)', async () => {
    const reading = pipeline('reading', { from: { out } }, (from) => [
      from.out.through(map((row) => ({ at: row.at, key: row.key, n: 1 }))).to(left),
    ]);
    const source = pipeline('source', { from: { notes: { ...left, name: 'right' } } }, (from) => [
      from.notes.through(said).to(out, { mode }),
    ]);
    await expect(startRun([source, reading], newLog(), { stateFolder: await tempFolder() })).rejects.toThrow(
      /^FW218 stage "source" writes topic "out" with mode "(keyed|append)", and stage "reading" reads it; /,
    );
  });
});

it('a sink of mode epoch writes nothing before its commit', async () => {
  const log = newLog();
  let asked = 0;
  log.commit = () => {
    asked += 1;
    return new Promise(() => undefined);
  };
  await startRun([writing('epoch')], log, { stateFolder: await tempFolder() });
  await hear(log, rows);
  await until('asked', () => asked > 0);
  expect(wordsIn(log)).toEqual([]);
});
