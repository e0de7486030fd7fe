import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { packageRoot } from '../../runtime/package-root.ts';
import { healthApp } from './health-app.ts';

let ok = true;
const app = await healthApp([{ name: 'line', check: () => ({ ok, detail: 'the log is closed' }) }]);
const port = Number(new URL(await app.listen({ host: '127.0.0.1', port: 0 })).port);
afterAll(() => app.close());

/** Exit code and what it said, as the container's engine sees them. */
const checked = (at: number): Promise<{ readonly code: unknown; readonly said: string }> =>
  new Promise((resolve) => {
    execFile(
      process.execPath,
      [join(packageRoot, 'bin', 'health-check.js')],
      { env: { ...process.env, FOREWARN_HTTP_PORT: String(at) } },
      (error, _out, said) => resolve({ code: error?.code ?? 0, said }),
    );
  });

it('is 0 while the process is well, and 1 with the reason when it is not', async () => {
  expect(await checked(port)).toEqual({ code: 0, said: '' });
  ok = false;
  expect(await checked(port)).toEqual({ code: 1, said: expect.stringContaining('the log is closed') });
});

it('is 1 when nobody answers', async () => {
  expect(await checked(1)).toMatchObject({ code: 1 });
});
