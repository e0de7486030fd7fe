import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { packageRoot } from '../../runtime/package-root.ts';
import { endsWithParent } from '../support/ends-with-parent.ts';
import { until } from '../support/until.ts';

export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** A command of ours as a process of its own. */
export interface Command {
  readonly pid: number;
  readonly exited: Promise<Exit>;
  /** What it printed so far, on either stream. */
  readonly output: () => string;
  readonly send: (signal: NodeJS.Signals) => void;
}

/** The whole line in a process of its own, ready for input. */
export interface RunningLine extends Command {
  readonly url: string;
  /** SIGKILL; resolves when it is gone. */
  readonly kill: () => Promise<void>;
}

export interface LineOptions {
  /** The `forewarn.yaml`. */
  readonly config: string;
  readonly data: string;
  readonly environment?: Readonly<Record<string, string>>;
  /** Folder of the code; this one's without it. */
  readonly root?: string;
  /** Others of `run`. */
  readonly args?: readonly string[];
}

/** False where chdb has no binary, which is said. */
export const hasEmbeddedClickHouse = (): boolean => {
  try {
    createRequire(import.meta.url).resolve('chdb');
    return true;
  } catch {
    console.warn(
      'skipped: tests of the running line need the embedded ClickHouse, and chdb is not installed',
    );
    return false;
  }
};

/** False, with the reason printed, where these tests cannot run or were not asked for: they take minutes. */
export const canRunLine = (): boolean => {
  if (process.env['FOREWARN_SYSTEM_TESTS'] !== undefined) return hasEmbeddedClickHouse();
  console.warn('skipped: tests of the running line go by npx vitest run -c vitest.system.config.ts');
  return false;
};

const running = new Set<ChildProcess>();

/** Kills what a test that was broken off has left running. */
export const killLeftovers = (): void => {
  for (const child of running) child.kill('SIGKILL');
};
process.once('exit', killLeftovers);

export const startCommand = (
  args: readonly string[],
  environment: LineOptions['environment'],
  root = packageRoot,
): Command => {
  const command = endsWithParent(process.execPath, [join(root, 'bin', 'forewarn.js'), ...args]);
  const child = spawn(...command, {
    cwd: root,
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let printed = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => {
      printed += text;
    });
  running.add(child);
  const exited = new Promise<Exit>((resolve) => {
    child.once('close', (code, signal) => {
      running.delete(child);
      resolve({ code, signal });
    });
  });
  return { pid: child.pid ?? -1, exited, output: () => printed, send: (signal) => void child.kill(signal) };
};

const startMs = 240_000;

/** It ended before it was ready. */
export class LineEnded extends Error {
  readonly output: string;

  constructor(output: string) {
    super(`the line ended instead of starting:\n${output}`);
    this.output = output;
  }
}

/** Starts the line on a free port and waits until it takes input. Rejects with what it printed when it ends first. */
export const startLine = async ({
  config,
  data,
  environment,
  root,
  args = [],
}: LineOptions): Promise<RunningLine> => {
  const all = ['run', '--config', config, '--data', data, '--port', '0', ...args];
  const command = startCommand(all, environment, root);
  let ended = false;
  void command.exited.then(() => (ended = true));
  let url = '';
  await until(
    'the line is ready',
    async () => {
      if (ended) throw new LineEnded(command.output());
      url = urlOf(data, command.pid);
      return url !== '' && (await fetch(`${url}/readyz`).catch(() => undefined))?.ok === true;
    },
    startMs,
  ).catch((error: unknown) => {
    if (error instanceof LineEnded) throw error;
    command.send('SIGKILL');
    throw new Error(`${String(error)}:\n${command.output()}`, { cause: error });
  });
  return {
    ...command,
    url,
    kill: async () => {
      command.send('SIGKILL');
      await command.exited;
    },
  };
};

/** The address of that process; a killed one leaves its own behind. */
const urlOf = (data: string, pid: number): string => {
  try {
    const running = JSON.parse(readFileSync(join(data, 'running.json'), 'utf8')) as {
      readonly url: string;
      readonly pid: number;
    };
    return running.pid === pid ? running.url : '';
  } catch {
    return '';
  }
};
