import { spawnSync } from 'node:child_process';

const canBeTold = spawnSync('setpriv', ['--pdeathsig', 'KILL', 'true']).status === 0;

/**
 * A command that the system kills when the process that starts it has ended, also where that was killed itself and could
 * clean up nothing: a line serves on without its parent, as it must. As it is where there is no `setpriv`, such as on macOS.
 */
export const endsWithParent = (
  program: string,
  args: readonly string[],
): readonly [program: string, args: readonly string[]] =>
  canBeTold ? ['setpriv', ['--pdeathsig', 'KILL', program, ...args]] : [program, args];
