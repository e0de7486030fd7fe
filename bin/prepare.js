// Makes a clone ready to run, with Node's own modules only: installs when node_modules is missing or older than the
// lockfile, builds when a source is newer than the last build. Both are skipped when there is nothing to do.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync, utimesSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(`Forewarn needs Node 20.19 or newer; this is ${process.versions.node}.`);
  process.exit(1);
}

const timeOf = (path) => (existsSync(path) ? statSync(path).mtimeMs : 0);

const run = (what, command, args) => {
  console.error(`forewarn: ${what} …`);
  const result = spawnSync(command, args, {
    cwd: root,
    // What the steps print matters only when they fail.
    stdio: ['ignore', 'pipe', 'pipe'],
    encoding: 'utf8',
    shell: process.platform === 'win32',
    // onnxruntime-node would fetch GPU libraries that are not used here.
    env: { ...process.env, ONNXRUNTIME_NODE_INSTALL: 'skip', npm_config_loglevel: 'error' },
  });
  if (result.status !== 0) {
    process.stderr.write(`${result.stdout ?? ''}${result.stderr ?? ''}${result.error ?? ''}`);
    console.error(`forewarn: ${what} failed.`);
    process.exit(result.status ?? 1);
  }
};

const installed = join(root, 'node_modules', '.package-lock.json');
if (timeOf(installed) < timeOf(join(root, 'package-lock.json'))) {
  run('installing packages (once, about a minute)', 'npm', ['ci', '--no-fund', '--no-audit']);
  utimesSync(installed, new Date(), new Date());
}

const sources = [
  'bench',
  'cli',
  'console',
  'dashboards',
  'domain',
  'models',
  'operators',
  'pipelines',
  'runtime',
  'sinks',
  'soak',
  'sources',
  'test/support',
];
const newest = (folder) =>
  readdirSync(folder, { withFileTypes: true }).reduce((latest, entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return Math.max(latest, newest(path));
    return /\.ts$|^tsconfig.*\.json$/.test(entry.name) ? Math.max(latest, timeOf(path)) : latest;
  }, 0);
const latest = Math.max(
  ...sources.map((folder) => newest(join(root, folder))),
  timeOf(join(root, 'tsconfig.json')),
  timeOf(join(root, 'tsconfig.build.json')),
  timeOf(installed),
);
const stamp = join(root, 'dist', 'cli', 'main.js');
if (timeOf(stamp) < latest) {
  const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
  run('building', process.execPath, [tsc, '-p', 'tsconfig.build.json']);
  run('building the page', process.execPath, [tsc, '-p', join('console', 'page', 'tsconfig.json')]);
  utimesSync(stamp, new Date(), new Date());
}
