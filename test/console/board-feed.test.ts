import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startBoardFeed } from '../../console/board-feed.ts';
import { MemoryLog } from './memory-log.ts';
import { anAction, anException, anOutcome } from './rows.ts';

describe('board feed', () => {
  let folder: string;
  let path: string;
  const errors: unknown[] = [];
  const onError = (error: unknown): void => void errors.push(error);
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'forewarn-board-'));
    path = join(folder, 'board.json');
    errors.length = 0;
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const filled = (): MemoryLog => {
    const log = new MemoryLog();
    for (let n = 0; n < 7; n += 1) log.add('exceptions', n % 2, anException({ id: `x${n}` }));
    log.add('actions', 1, anAction({ exceptionId: 'x3' }));
    log.add('outcomes', 0, anOutcome());
    return log;
  };

  it('reads all partitions of the three topics, and what comes later', async () => {
    const log = filled();
    const feed = await startBoardFeed({ log, path, onError });
    await feed.caughtUp();
    expect(feed.board.totals()).toMatchObject({ open: 7, outcomes: 1 });
    log.add('exceptions', 1, anException({ id: 'later' }));
    await feed.caughtUp();
    expect(feed.board.exception('later')).toBeDefined();
    await feed.stop();
    expect(errors).toEqual([]);
  });

  it('goes on after a restart where it stopped, without reading the past', async () => {
    const log = filled();
    const first = await startBoardFeed({ log, path, onError });
    await first.caughtUp();
    const before = first.board.snapshot();
    await first.stop();
    expect(await readdir(folder)).toEqual(['board.json']);
    log.reads = 0;
    const second = await startBoardFeed({ log, path, onError });
    await second.caughtUp();
    expect(log.reads).toBe(0);
    expect(second.board.snapshot()).toEqual(before);
    await second.stop();
  });

  it('starts from nothing when its file is damaged or belongs to another log', async () => {
    const feed = await startBoardFeed({ log: filled(), path, onError });
    await feed.caughtUp();
    await feed.stop();
    const empty = await startBoardFeed({ log: new MemoryLog(), path, onError });
    expect(empty.board.totals().open).toBe(0);
    await empty.stop();

    await writeFile(path, (await readFile(path, 'utf8')).slice(0, -9));
    const again = await startBoardFeed({ log: filled(), path, onError });
    await again.caughtUp();
    expect(again.board.totals().open).toBe(7);
    await again.stop();
  });

  it('reports a row that does not fit and reads on', async () => {
    const log = new MemoryLog();
    log.add('exceptions', 0, '{"id":');
    log.add('exceptions', 0, { ...anException(), severity: 400 });
    log.add('exceptions', 0, anException({ id: 'good' }));
    const feed = await startBoardFeed({ log, path, onError });
    await feed.caughtUp();
    expect(feed.board.totals().open).toBe(1);
    expect(errors).toHaveLength(2);
    await feed.stop();
  });
});
