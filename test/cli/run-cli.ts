import { vi } from 'vitest';
import { main } from '../../cli/main.ts';

export interface CliAnswer {
  readonly out: string;
  readonly err: string;
  readonly code: number;
}

/** Runs `forewarn …` in this process and answers what it printed and its exit code. */
export const forewarn = async (...words: readonly string[]): Promise<CliAnswer> => {
  const out: string[] = [];
  const err: string[] = [];
  const said =
    (into: string[]) =>
    (...parts: readonly unknown[]): void => {
      into.push(parts.map(String).join(' '));
    };
  const log = vi.spyOn(console, 'log').mockImplementation(said(out));
  const error = vi.spyOn(console, 'error').mockImplementation(said(err));
  const write = vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    out.push(String(text));
    return true;
  });
  const before = process.exitCode;
  process.exitCode = 0;
  try {
    await main(['node', 'forewarn', ...words]);
    return { out: out.join('\n'), err: err.join('\n'), code: Number(process.exitCode ?? 0) };
  } finally {
    process.exitCode = before;
    log.mockRestore();
    error.mockRestore();
    write.mockRestore();
  }
};
