import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type Browser, chromium } from 'playwright-core';
import { packageRoot } from '../../runtime/package-root.ts';

const executablePath = process.env['CHROMIUM'] ?? '/usr/bin/chromium';
export const hasBrowser = existsSync(executablePath);
if (!hasBrowser)
  console.warn(`skipped: the page in a browser, for there is no ${executablePath} (set CHROMIUM)`);

export const launchBrowser = (): Promise<Browser> =>
  chromium.launch({
    executablePath,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--no-first-run',
    ],
  });

/** The page as the browser gets it, compiled into a folder of its own. */
export const compilePage = async (): Promise<string> => {
  const root = await mkdtemp(join(tmpdir(), 'forewarn-page-'));
  await cp(join(packageRoot, 'console', 'page'), join(root, 'console', 'page'), { recursive: true });
  const compiler = join(packageRoot, 'node_modules', 'typescript', 'bin', 'tsc');
  const project = join(packageRoot, 'console', 'page', 'tsconfig.json');
  const output = ['--outDir', join(root, 'dist'), '--incremental', 'false', '--tsBuildInfoFile', 'null'];
  await promisify(execFile)(process.execPath, [compiler, '-p', project, ...output]);
  return root;
};
