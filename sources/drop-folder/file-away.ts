import { access, mkdir, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );

/**
 * Moves a file to the same name below another folder; where that is taken, `mark` is added to the name, so that
 * nothing is overwritten but what is the same. With a reason, `<name>.reason` beside it says why.
 */
export const fileAway = async (
  path: string,
  folder: string,
  name: string,
  mark: string,
  reason?: string,
): Promise<void> => {
  const wanted = join(folder, name);
  await mkdir(dirname(wanted), { recursive: true });
  const target = (await exists(wanted)) ? `${wanted}.${mark}` : wanted;
  if (reason !== undefined) await writeFile(`${target}.reason`, `${reason}\n`);
  await rename(path, target);
};
