import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { packageRoot } from '../../runtime/package-root.ts';

/** Something that answers a POST, in a process of its own. */
export interface Target {
  readonly url: string;
  /** Documents that are durable and not yet read; null where nothing reads them. */
  waiting(): Promise<number | null>;
  stop(): Promise<void>;
}

export interface TargetKind {
  readonly name: string;
  start(folder: string): Promise<Target>;
}

const START_WITHIN_MS = 60_000;

const ended = async (child: ChildProcess): Promise<void> => {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, 'exit');
  child.kill('SIGKILL');
  await exit;
};

/** `forewarn run` as a user starts it, with documents by HTTP. */
const startLine = async (folder: string): Promise<Target> => {
  const data = join(folder, 'data');
  const config = join(folder, 'forewarn.yaml');
  const nobody = { url: 'http://127.0.0.1:9/' };
  const settings = {
    dataFolder: data,
    rules: join(packageRoot, 'rules'),
    http: { port: 0 },
    sources: { http: true },
    // Nothing that is sent here asks for an action; the playbooks only want to know their destinations.
    destinations: { 'customer-notifications': nobody, tms: nobody, desk: nobody },
    models: { folder: join(packageRoot, 'models', 'registry') },
  };
  // JSON is YAML.
  writeFileSync(config, JSON.stringify(settings));
  const command = join(packageRoot, 'bin', 'forewarn.js');
  const child = spawn(process.execPath, [command, 'run', '--config', config], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const running = join(data, 'running.json');
  for (const giveUpAt = performance.now() + START_WITHIN_MS; !existsSync(running); await sleep(50)) {
    if (child.exitCode !== null) throw new Error(`the line ended with code ${child.exitCode}`);
    if (performance.now() > giveUpAt) throw new Error('the line did not start within a minute');
  }
  await sleep(100);
  const { url } = JSON.parse(readFileSync(running, 'utf8')) as { url: string };
  return {
    url: `${url}/v1/ingest/bench`,
    waiting: async () => {
      const answer = await fetch(`${url}/v1/status`);
      const { tasks } = (await answer.json()) as { tasks: readonly { name: string; lag: number }[] };
      return tasks.reduce((sum, { name, lag }) => (name.startsWith('normalise-1/') ? sum + lag : sum), 0);
    },
    stop: () => ended(child),
  };
};

const startYardstick = async (file: string | undefined): Promise<Target> => {
  const script = new URL('./yardstick-server.js', import.meta.url).pathname;
  const child = spawn(process.execPath, file === undefined ? [script] : [script, file], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [port] = (await once(child.stdout, 'data')) as [Buffer];
  return {
    url: `http://127.0.0.1:${String(port).trim()}/`,
    waiting: () => Promise.resolve(null),
    stop: () => ended(child),
  };
};

export const targetKinds: readonly TargetKind[] = [
  { name: 'node:http, nothing written', start: () => startYardstick(undefined) },
  { name: 'node:http, fdatasync each', start: (folder) => startYardstick(join(folder, 'bodies')) },
  { name: 'forewarn, durable', start: startLine },
];
