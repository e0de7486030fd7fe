import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, it } from 'vitest';
import { endsWithParent } from './ends-with-parent.ts';
import { until } from './until.ts';

const FOREVER = 'setInterval(() => undefined, 1_000)';
const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

it.skipIf(endsWithParent('x', [])[0] === 'x')(
  'ends when its parent is killed, which can tell nobody',
  async () => {
    const child = JSON.stringify(endsWithParent(process.execPath, ['-e', FOREVER]));
    const parent = spawn(process.execPath, [
      '-e',
      `console.log(require('node:child_process').spawn(...${child}).pid); ${FOREVER}`,
    ]);
    const [said] = (await once(parent.stdout, 'data')) as [Buffer];
    const pid = Number(said.toString());
    expect(isAlive(pid)).toBe(true);
    parent.kill('SIGKILL');
    await until('the child has ended too', () => !isAlive(pid));
  },
);
