import { fork, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { extname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ForewarnError } from '../../../runtime/forewarn-error.ts';
import type { FromChild, ToChild } from './messages.ts';

export interface EmbeddedClickHouseOptions {
  /** Data folder; one process at a time may have it. */
  readonly folder: string;
  readonly log?: (line: string) => void;
}

export interface ChildExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface EmbeddedClickHouse {
  /** With user and password in it: anything on this machine can reach the port. The same after a restart. */
  readonly url: string;
  readonly pid: number;
  readonly stop: () => Promise<void>;
  /** Called when it died by itself; it is then started again. Returns the way to stop listening. */
  readonly onExit: (listener: (exit: ChildExit) => void) => () => void;
}

const FIRST_WAIT_MS = 100;
const LONGEST_WAIT_MS = 5_000;
/** A process that was killed leaves the folder within a moment; longer than this, someone else has it. */
const FOLDER_WAIT_MS = 10_000;
/** Killing it is safe, only less polite; the whole line has ten seconds to stop. */
const STOP_WITHIN_MS = 4_000;

/** Starts ClickHouse in a child process. Throws FW106 where there is no binary for it. */
export const startEmbeddedClickHouse = async ({
  folder,
  log = () => undefined,
}: EmbeddedClickHouseOptions): Promise<EmbeddedClickHouse> => {
  mkdirSync(folder, { recursive: true });
  const password = randomBytes(18).toString('base64url');
  const listeners = new Set<(exit: ChildExit) => void>();
  const stopping = new AbortController();
  let current = await launch({ folder, port: 0, password, log, patienceMs: FOLDER_WAIT_MS });
  const { port } = current;
  let restarting: Promise<void> = Promise.resolve();

  const watch = ({ child }: Running): void => {
    child.once('exit', (code, signal) => {
      if (stopping.signal.aborted) return;
      log(`embedded ClickHouse ended (${signal ?? `code ${code}`}); starting it again`);
      restarting = restart();
      for (const listener of listeners) listener({ code, signal });
    });
  };
  const restart = async (): Promise<void> => {
    for (let wait = FIRST_WAIT_MS; !stopping.signal.aborted; wait = Math.min(wait * 2, LONGEST_WAIT_MS)) {
      await sleep(wait, undefined, { signal: stopping.signal }).catch(() => undefined);
      if (stopping.signal.aborted) return;
      try {
        current = await launch({ folder, port, password, log, patienceMs: 0 });
        return watch(current);
      } catch (error) {
        log(error instanceof Error ? error.message : String(error));
      }
    }
  };
  watch(current);

  return {
    url: `http://default:${password}@127.0.0.1:${port}`,
    get pid() {
      return current.child.pid ?? -1;
    },
    stop: async () => {
      if (stopping.signal.aborted) return;
      stopping.abort();
      await restarting;
      await end(current.child);
    },
    onExit: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
};

interface Launch {
  readonly folder: string;
  readonly port: number;
  readonly password: string;
  readonly log: (line: string) => void;
  readonly patienceMs: number;
}
interface Running {
  readonly child: ChildProcess;
  readonly port: number;
}

const launch = async (options: Launch): Promise<Running> => {
  const giveUpAt = performance.now() + options.patienceMs;
  for (let wait = FIRST_WAIT_MS; ; wait *= 2) {
    const child = spawnServer(options.log);
    const answer = await started(child, options);
    if (answer.type === 'ready') return { child, port: answer.port };
    await end(child);
    if (answer.type === 'unavailable')
      throw new ForewarnError(
        'FW106',
        `there is no embedded ClickHouse for ${process.platform}-${process.arch} (${answer.reason}); set "clickhouse.url" in forewarn.yaml to a ClickHouse server.`,
      );
    if (performance.now() + wait > giveUpAt)
      throw new ForewarnError(
        'FW501',
        `embedded ClickHouse does not start in "${options.folder}": ${answer.reason}; see that no other process uses the folder.`,
      );
    await sleep(wait);
  }
};

/** Runs the sibling `server` as what this file is: compiled JavaScript, or TypeScript as in tests. */
const spawnServer = (log: (line: string) => void): ChildProcess => {
  const extension = extname(import.meta.filename);
  const child = fork(join(import.meta.dirname, `server${extension}`), {
    execArgv: extension === '.ts' ? ['--import', '@oxc-node/core/register'] : [],
    // Each running statement blocks one of libuv's threads.
    env: { ...process.env, UV_THREADPOOL_SIZE: '12' },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  for (const output of [child.stdout, child.stderr])
    output?.on('data', (bytes: Buffer) => {
      for (const line of bytes.toString('utf8').split('\n')) if (line.trim() !== '') log(line);
    });
  return child;
};

/** A child that can no longer be told has ended, and its exit is heard of. */
const ignoreFailure = (): void => undefined;

const started = (child: ChildProcess, { folder, port, password }: Launch): Promise<FromChild> =>
  new Promise((resolve) => {
    const settle = (answer: FromChild): void => {
      child.off('exit', onExit);
      child.off('message', settle);
      resolve(answer);
    };
    const onExit = (code: number | null, signal: string | null): void =>
      settle({ type: 'failed', reason: `its process ended with ${signal ?? `code ${code}`}` });
    child.once('exit', onExit);
    child.once('message', settle);
    child.once('error', (error) => settle({ type: 'failed', reason: error.message }));
    const message: ToChild = { type: 'start', folder, port, password };
    child.send(message, ignoreFailure);
  });

const end = async (child: ChildProcess): Promise<void> => {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
  });
  if (child.connected) child.send({ type: 'stop' } satisfies ToChild, ignoreFailure);
  const impatience = setTimeout(() => child.kill('SIGKILL'), STOP_WITHIN_MS);
  await ended;
  clearTimeout(impatience);
};
