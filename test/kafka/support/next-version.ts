import { cp, mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { packageRoot } from '../../../runtime/package-root.ts';

export interface NextVersionOptions {
  readonly folder: string;
  readonly version: string;
  /** In a compiled file, by its path: this text is that one, once. */
  readonly edits: readonly { readonly file: string; readonly from: string; readonly to: string }[];
}

/** Another version of the code, compiled, with packages, rules and models as they are here. Answers its folder. */
export const nextVersion = async ({ folder, version, edits }: NextVersionOptions): Promise<string> => {
  await mkdir(folder, { recursive: true });
  for (const part of ['bin', 'dist', 'rules', 'models', 'config'])
    await cp(join(packageRoot, part), join(folder, part), { recursive: true });
  await symlink(join(packageRoot, 'node_modules'), join(folder, 'node_modules'));
  const manifest = JSON.parse(await readFile(join(packageRoot, 'package.json'), 'utf8')) as object;
  await writeFile(join(folder, 'package.json'), JSON.stringify({ ...manifest, version }));
  for (const { file, from, to } of edits) {
    const path = join(folder, file);
    const parts = (await readFile(path, 'utf8')).split(from);
    if (parts.length !== 2) throw new Error(`${file} has ${from} ${parts.length - 1} times`);
    await writeFile(path, parts.join(to));
  }
  return folder;
};
