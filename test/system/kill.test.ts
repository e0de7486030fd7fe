import { fork } from 'node:child_process';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Told } from './kill-child.ts';

interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly printed: string;
}

const live = (folder: string, at?: number): Promise<Ended> =>
  new Promise((resolve) => {
    const child = fork(join(import.meta.dirname, 'kill-child.ts'), {
      execArgv: ['--import', '@oxc-node/core/register'],
      env: { ...process.env, KILL_FOLDER: folder, ...(at === undefined ? {} : { KILL_AT: String(at) }) },
      stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
    });
    let printed = '';
    child.stdout?.setEncoding('utf8').on('data', (text: string) => (printed += text));
    child.once('close', (code, signal) => resolve({ code, signal, printed }));
  });

/** What it is killed at: each the middle one of its sort in the undisturbed run. */
const moments = [
  /^after make .*\.log$/,
  /^after write .*\.log$/,
  /^before sync .*\.log$/,
  /^after sync .*\.log$/,
  /^after write .*\.base\.tmp$/,
  /^before rename to /,
  /^after rename to /,
  /^after sync folder .*state$/,
  /^before append /,
  /^after append /,
  /^before commit /,
  /^after commit /,
];

const middleOf = (points: readonly string[], moment: RegExp): number => {
  const indexes = points.flatMap((name, index) => (moment.test(name) ? [index] : []));
  return indexes[indexes.length >> 1] ?? -1;
};

describe('a process that the system kills', () => {
  let root: string;
  let undisturbed: Told;

  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'forewarn-kill-'));
    await mkdir(join(root, 'undisturbed', 'data'), { recursive: true });
    const { code, printed } = await live(join(root, 'undisturbed'));
    expect(code).toBe(0);
    undisturbed = JSON.parse(printed) as Told;
  });

  afterAll(() => rm(root, { recursive: true, force: true }));

  // Seen red with a task that commits its rows in one frame and its state in the next.
  it.each(moments)('says the same after its restart: %s', async (moment) => {
    const at = middleOf(undisturbed.points, moment);
    expect(at).toBeGreaterThanOrEqual(0);
    const folder = join(root, String(at));
    await mkdir(join(folder, 'data'), { recursive: true });
    const killed = await live(folder, at);
    expect(killed.signal, killed.printed).toBe('SIGKILL');
    const again = await live(folder);
    expect(again.code, `killed ${killed.printed}`).toBe(0);
    expect((JSON.parse(again.printed) as Told).content, `killed ${killed.printed}`).toEqual(
      undisturbed.content,
    );
  });
});
