import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { ForewarnError } from '../forewarn-error.ts';

/**
 * Loads a copy of a folder of rules with changed files in it, named by their paths below the folder, before anything is
 * written. FW507 where it would not load.
 */
export const checkChanged = (
  folder: string,
  changed: Readonly<Record<string, string>>,
  load: (copy: string) => void,
): void => {
  const parent = mkdtempSync(join(tmpdir(), 'forewarn-rules-'));
  const copy = join(parent, basename(folder));
  try {
    cpSync(folder, copy, { recursive: true });
    for (const [file, text] of Object.entries(changed)) writeFileSync(join(copy, file), text);
    load(copy);
  } catch (error) {
    if (!(error instanceof ForewarnError)) throw error;
    // A copy is an accident of the check: the line names the folder that the reader knows.
    const why = error.message.replaceAll(`${copy}/`, '');
    throw new ForewarnError('FW507', `${Object.keys(changed).join(', ')} would not load: ${why}`, {
      cause: error,
    });
  } finally {
    rmSync(parent, { recursive: true, force: true });
  }
};
