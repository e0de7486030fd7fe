import { join } from 'node:path';
import { runProcess } from '../nexmark/child-process.ts';

/** A Python with these packages in a folder of its own, or why there is none. */
export type Python = { readonly command: string } | { readonly missing: string };

export const preparePython = async (folder: string, packages: readonly string[]): Promise<Python> => {
  const home = join(folder, 'python');
  const command = join(home, 'bin', 'python');
  try {
    await runProcess('python3', ['-m', 'venv', home]);
    await runProcess(command, ['-m', 'pip', 'install', '--quiet', ...packages]);
    return { command };
  } catch (error) {
    return { missing: (error instanceof Error ? error.message : String(error)).split('\n').at(-1)! };
  }
};
