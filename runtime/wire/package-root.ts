import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const find = (folder: string): string =>
  existsSync(join(folder, 'package.json')) ? folder : find(dirname(folder));

/** Folder of our package.json, from source as from `dist`. */
export const packageRoot = find(dirname(fileURLToPath(import.meta.url)));

/** Version of the code, as rows carry it. */
export const codeVersion = (
  JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8')) as { version: string }
).version;
