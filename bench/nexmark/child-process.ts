import { spawn } from 'node:child_process';

interface Options {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
}

const LAST_WORDS = 2_000;

/** Runs a program to its end and returns what it printed; fails with the end of what it complained about. */
export const runProcess = (
  command: string,
  args: readonly string[],
  { cwd, env }: Options = {},
): Promise<string> =>
  new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let printed = '';
    let complaints = '';
    child.stdout.on('data', (chunk: Buffer) => (printed += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => {
      complaints = (complaints + chunk.toString()).slice(-LAST_WORDS);
    });
    child.on('error', reject);
    child.on('close', (code, signal) => {
      if (code === 0) resolve(printed);
      else
        reject(
          new Error(
            `${command} ended with ${code ?? signal}: ${complaints.trim() || printed.slice(-LAST_WORDS)}`,
          ),
        );
    });
  });

/** The JSON objects among the lines that a program printed. */
export const jsonLines = (printed: string): readonly unknown[] =>
  printed
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as unknown);
