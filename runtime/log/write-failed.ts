import { ForewarnError } from '../forewarn-error.ts';

const noRoom: ReadonlySet<unknown> = new Set(['ENOSPC', 'EDQUOT']);

/** FW302 with what the disk said and how to go on; an error of ours as it is. */
export const writeFailed = (what: string, cause: unknown): ForewarnError => {
  if (cause instanceof ForewarnError) return cause;
  const said = cause instanceof Error ? cause.message : String(cause);
  const mend = noRoom.has((cause as NodeJS.ErrnoException | undefined)?.code)
    ? 'make room on its disk'
    : 'mend its disk';
  return new ForewarnError('FW302', `${what}: ${said}; ${mend} and start again`, { cause });
};
