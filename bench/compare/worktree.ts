import { access, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { packageRoot } from '../../runtime/package-root.ts';
import { runProcess } from '../nexmark/child-process.ts';

/** Gives `work` the folder of another revision, built with the packages of this one, and removes it afterwards. */
export const withRevision = async <T>(
  revision: string,
  folder: string,
  work: (root: string) => Promise<T>,
): Promise<T> => {
  const root = join(folder, 'revision');
  await runProcess('git', ['worktree', 'add', '--detach', root, revision], { cwd: packageRoot });
  try {
    await symlink(join(packageRoot, 'node_modules'), join(root, 'node_modules'));
    const tsc = join(packageRoot, 'node_modules', 'typescript', 'bin', 'tsc');
    await runProcess(process.execPath, [tsc, '-p', 'tsconfig.build.json'], { cwd: root });
    return await work(root);
  } finally {
    await runProcess('git', ['worktree', 'remove', '--force', root], { cwd: packageRoot });
  }
};

/** Whether a revision has a script of a bench; one from before the bench has not. */
export const hasScript = (root: string, script: string): Promise<boolean> =>
  access(join(root, 'dist', script)).then(
    () => true,
    () => false,
  );
