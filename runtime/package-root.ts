import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The nearest folder at or above this one that has a package.json. */
export const rootAbove = (folder: string): string =>
  existsSync(join(folder, 'package.json')) ? folder : rootAbove(dirname(folder));

/** Folder of our package.json, from source as from `dist`. */
export const packageRoot = rootAbove(dirname(fileURLToPath(import.meta.url)));

/** Version of the code, as rows carry it. */
export const codeVersion = (
  JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8')) as { version: string }
).version;
