import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startBoardFeed } from '../../console/board-feed.ts';
import { MemoryLog } from './memory-log.ts';
import { aCauseRecord, aDecision, aDispatch, anAction, anException, anOutcome } from './rows.ts';

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
    log.add('decisions', 1, aDecision({ exceptionId: 'x3' }));
    log.add(
      'dispatches',
      0,
      aDispatch({ exceptionId: 'x3', state: 'suppressed', suppressedBecause: 'no_contact' }),
    );
    log.add('causes', 0, aCauseRecord());
    return log;
  };

  it('reads all partitions of its topics, and what comes later', async () => {
    const log = filled();
    const feed = await startBoardFeed({ log, path, onError });
    await feed.caughtUp();
    expect(feed.board.totals()).toMatchObject({ open: 7, outcomes: 1 });
    expect(feed.board.row('x3')).toMatchObject({
      actions: [{ id: 'a1', dispatch: { suppressedBecause: 'no_contact' } }],
      notes: [{ by: 'Dana', note: 'carrier called back' }],
    });
    expect(feed.board.snapshot().causes).toHaveLength(1);
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

  it('reads a file of format 1 as one that knew no notes, and refuses a later one', async () => {
    const log = filled();
    const feed = await startBoardFeed({ log, path, onError });
    await feed.caughtUp();
    await feed.stop();
    const file = JSON.parse(await readFile(path, 'utf8')) as {
      positions: Record<string, number>;
      board: Record<string, unknown>;
    };
    const { exceptions, closed, actions, outcomes, counts } = file.board;
    const positions = Object.fromEntries(
      Object.entries(file.positions).filter(([place]) => /^(exceptions|actions|outcomes)\//.test(place)),
    );
    const board = { exceptions, closed, actions, outcomes, counts };
    await writeFile(path, JSON.stringify({ format: 1, positions, board }));
    const second = await startBoardFeed({ log, path, onError });
    await second.caughtUp();
    expect(second.board.totals().raised).toBe(7);
    expect(second.board.row('x3')?.notes).toHaveLength(1);
    await second.stop();
    expect(JSON.parse(await readFile(path, 'utf8'))).toMatchObject({ format: 2 });

    await writeFile(path, JSON.stringify({ ...file, format: 3, board: { ...file.board, counts: null } }));
    const third = await startBoardFeed({ log, path, onError });
    await third.caughtUp();
    expect(third.board.totals().raised).toBe(7);
    await third.stop();
    expect(errors).toEqual([]);
  });

  it('reads nothing while nobody wants it, and is whole for whoever looks', async () => {
    const log = filled();
    const followed: (readonly string[])[] = [];
    const follow = async (_: string, from: ReadonlyMap<string, number>): Promise<void> => {
      followed.push(
        [...from].filter(([place]) => place.startsWith('exceptions/')).map((one) => one.join(' from ')),
      );
    };
    let isWanted = false;
    const feed = await startBoardFeed({
      log: Object.assign(log, { follow }),
      path,
      onError,
      isWanted: () => isWanted,
    });
    await feed.caughtUp();
    expect([log.reads, feed.board.totals().open, followed]).toEqual([0, 0, []]);
    isWanted = true;
    await Promise.all([feed.shown(), feed.shown()]);
    expect(feed.board.totals().open).toBe(7);
    expect(followed).toEqual([['exceptions/0 from 0', 'exceptions/1 from 0']]);
    isWanted = false;
    log.add('exceptions', 0, anException({ id: 'unseen' }));
    await feed.caughtUp();
    expect([feed.board.totals().open, followed.at(-1)]).toEqual([7, []]);
    isWanted = true;
    await feed.shown();
    expect(feed.board.totals().open).toBe(8);
    expect(followed.at(-1)).toEqual(['exceptions/0 from 4', 'exceptions/1 from 3']);
    await feed.stop();
    expect(errors).toEqual([]);
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
